#include "table.hpp"

#include <cmath>
#include <cstdio>

#include "metriplex/core/text.hpp"

namespace metriplex::bench {
namespace {

template <class... Values>
std::string text(const char* format, Values... values) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, format, values...);
  return buffer;
}

/// Three digits, and the largest of the units (each a thousand times the one before) that leaves 1 or more.
std::string scaled(double value, const std::vector<const char*>& units) {
  std::size_t unit = 0;
  for (; value >= 999.5 && unit + 1 < units.size(); ++unit) value /= 1000;
  return text(value < 9.995 ? "%.2f %s" : value < 99.95 ? "%.1f %s" : "%.0f %s", value, units[unit]);
}

}  // namespace

std::string time_text(double seconds) {
  return scaled(seconds * 1e9, {"ns", "us", "ms", "s"});
}

std::string bytes_text(double bytes) {
  return scaled(bytes, {"B", "kB", "MB", "GB"});
}

std::vector<Line> lines(const Plan& plan, const std::map<std::string, double>& seconds) {
  std::map<std::string, double> peaks;  // flops a second
  for (const Row& row : plan.rows)
    if (row.name.starts_with("peak/")) peaks[row.scalar] = row.flops / seconds.at(row.name);
  std::vector<Line> result;
  for (const Row& row : plan.rows) {
    if (row.ask) continue;  // peers stand beside the rows that they are compared with
    Line line{.name = row.name, .seconds = seconds.at(row.name), .fraction_of_peak = {}, .bytes = {}};
    if (row.flops > 0) line.fraction_of_peak = row.flops / line.seconds / peaks.at(row.scalar) / row.threads;
    if (row.bytes) line.bytes = *row.bytes;
    bool alone = true;
    for (const Comparison& comparison : plan.comparisons) {
      if (comparison.row != row.name) continue;
      line.peer = comparison.peer;
      line.peer_seconds = seconds.at(comparison.peer_row);
      result.push_back(line);
      alone = false;
    }
    if (alone) result.push_back(line);
  }
  return result;
}

void print_table(const std::vector<Line>& lines) {
  std::size_t width = 0;
  for (const Line& line : lines) width = std::max(width, line.name.size());
  const auto print = [&](const std::string& name, const std::string& time, const std::string& fraction,
                         const std::string& peer, const std::string& peer_time, const std::string& ratio) {
    std::printf("%-*s %9s %9s  %-20s %9s %8s\n", static_cast<int>(width), name.c_str(), time.c_str(),
                fraction.c_str(), peer.c_str(), peer_time.c_str(), ratio.c_str());
  };
  print("", "time", "of peak", "peer", "its time", "ratio");
  for (const Line& line : lines)
    print(line.name, line.bytes ? bytes_text(*line.bytes) : time_text(line.seconds),
          line.fraction_of_peak ? text("%.0f %%", 100 * *line.fraction_of_peak) : "", line.peer,
          line.peer.empty() ? "" : time_text(line.peer_seconds),
          line.peer.empty() ? "" : text("%.2f", line.ratio()));
}

std::string json(const std::vector<Line>& lines) {
  std::string result = "[\n";
  for (const Line& line : lines) {
    result +=
        "{\"name\": \"" + line.name + "\", \"milliseconds\": " + number_text(1e3 * line.seconds) +
        ", \"fraction_of_peak\": " + (line.fraction_of_peak ? number_text(*line.fraction_of_peak) : "null");
    if (line.bytes) result += ", \"bytes\": " + number_text(*line.bytes);
    if (!line.peer.empty())
      result += ", \"peer\": \"" + line.peer + "\", \"ratio\": " + number_text(line.ratio());
    result += &line == &lines.back() ? "}\n" : "},\n";
  }
  return result + "]\n";
}

}  // namespace metriplex::bench
