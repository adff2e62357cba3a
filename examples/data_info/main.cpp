// Tells what is in a file of recordings before hours are spent on it: its arrays, sampling, sizes, noise, gaps, jumps, times that
// contradict rates, and a picture.
//   data_info FILE [--time t --states X ...] [--out DIRECTORY]

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "../command_line.hpp"
#include "metriplex/data/data_summary.hpp"
#include "metriplex/files/read_recordings.hpp"
#include "picture.hpp"

namespace {

using namespace metriplex;

/// Prints the arrays of a file, and what each is taken for.
void print_arrays(const std::string& file, const ArrayInfos& arrays, const ArrayPlan& plan) {
  const auto role = [&](const std::string& name) -> const char* {
    const auto has = [&](const ArrayPlan::Names& names) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    return has(plan.time)         ? "times"
           : has(plan.states)     ? "states"
           : has(plan.rates)      ? "rates"
           : has(plan.inputs)     ? "inputs"
           : has(plan.parameters) ? "parameters"
           : has(plan.weights)    ? "weights"
           : has(plan.member)     ? "members"
           : has(plan.motion)     ? "motions"
                                  : "nobody reads it";
  };
  std::printf("%s: %zu %s\n", file.c_str(), arrays.size(), arrays.front().column ? "columns" : "arrays");
  constexpr std::size_t most = 40;
  for (std::size_t k = 0; k < std::min(arrays.size(), most); ++k) {
    const ArrayInfo& array = arrays[k];
    std::printf("  %-16s %-20s %-10s %s\n", quote(array.name).c_str(),
                array.column ? "" : shape_text(array.shape).c_str(),
                array.problem.empty() ? array.type.c_str() : "",
                array.problem.empty() ? role(array.name) : "cannot be read");
  }
  if (arrays.size() > most) std::printf("  and %zu more\n", arrays.size() - most);
}

/// The family of one component of the states.
Recordings<1> component(const detail::RecordedArrays& arrays, Index i, const std::string& where) {
  detail::RecordedArrays one = arrays;
  for (auto* field : {&one.states, &one.rates, &one.weights})
    for (Tensor& array : *field) {
      const Index dim = array.shape.back();
      std::vector<double> values;
      for (std::size_t k = static_cast<std::size_t>(i); k < array.values.size();
           k += static_cast<std::size_t>(dim))
        values.push_back(array.values[k]);
      array.values = std::move(values);
      array.shape.back() = 1;
    }
  one.inputs.clear();
  return detail::assemble<1>(one, where);
}

std::string digits(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

std::string percent(double share) {
  return digits(100 * share) + " %";
}

void print_sampling(const SamplingSummary& sum, std::size_t members) {
  const std::string lengths = sum.fewest == sum.most
                                  ? std::to_string(sum.most)
                                  : std::to_string(sum.fewest) + " to " + std::to_string(sum.most);
  std::printf("\n%zu member%s, %td motion%s of %s samples, %td in all, times %s to %s\n", members,
              members == 1 ? "" : "s", sum.motions, sum.motions == 1 ? "" : "s", lengths.c_str(), sum.samples,
              digits(sum.begin).c_str(), digits(sum.end).c_str());
  if (sum.usual == 0) return;
  if (sum.regular())
    std::printf("sampled every %s (%s a unit of time)\n", digits(sum.usual).c_str(),
                digits(1 / sum.usual).c_str());
  else
    std::printf("sampled irregularly: steps of %s to %s, mostly %s\n", digits(sum.shortest).c_str(),
                digits(sum.longest).c_str(), digits(sum.usual).c_str());
  if (sum.gaps > 0) std::printf("gaps: %td steps of more than three usual ones\n", sum.gaps);
}

/// Prints the remarks on a component; whether there were any.
void add_remarks(std::vector<std::string>& remarks, const std::string& name, const ComponentSummary& sum) {
  const auto say = [&](const std::string& text) { remarks.push_back(name + " " + text); };
  if (sum.constant()) say("is the same in all samples: it tells nothing of the motion");
  if (sum.jumps > 0)
    say("jumps by " + std::string(sum.turn < 10 ? "2 pi" : "360") + " " + std::to_string(sum.jumps) +
        " times: an angle kept within a turn? numpy.unwrap makes it go on");
  if (sum.missing > 0) say("is missing in " + std::to_string(sum.missing) + " samples");
  if (!sum.constant() && sum.noise > 0.2 * sum.deviation)
    say("is mostly noise at this sampling, or moves too fast for it");
  if (sum.disagreement > 0.5)
    say("and the integral of its rates differ by " + percent(sum.disagreement) +
        (std::abs(std::log(sum.stretch)) > std::log(3.0)
             ? ": it moves " + digits(sum.stretch) +
                   " times as far (are times and rates in one unit of time?)"
             : ": noise, other units, columns in another order, or jumps?"));
  if (std::abs(sum.mean) > 1e4 * sum.deviation && !sum.constant())
    say("moves by " + digits(sum.deviation) + " about " + digits(sum.mean) + ": subtract an offset");
}

int inform(const std::string& file, const ArrayNames& names, const std::string& out) {
  const ArrayInfos arrays = list_arrays(file);
  require(!arrays.empty(), [&] { return "expected arrays, got none in " + file; });
  ArrayPlan plan;
  std::string refusal;
  try {
    plan = plan_arrays(arrays, names, file);
  } catch (const Error& error) {
    refusal = error.what();
  }
  print_arrays(file, arrays, plan);
  if (!refusal.empty()) fail(refusal);
  state_dimension(arrays, plan, file);  // refuses axes that are swapped

  const detail::RecordedArrays recorded = detail::read_recorded(file, names);
  const Index dim = recorded.shape().back();
  constexpr Index most = 64;
  std::vector<Recordings<1>> components;
  std::vector<ComponentSummary> sums;
  for (Index i = 0; i < std::min(dim, most); ++i) {
    components.push_back(component(recorded, i, file));
    sums.push_back(summarize_components(components.back()).front());
  }
  print_sampling(summarize_sampling(components[0]), recorded.members);

  const bool by_column = arrays.front().column || (static_cast<Index>(plan.states.size()) == dim && dim > 1);
  std::vector<std::string> labels, remarks;
  std::printf("\n%-12s %10s %10s %10s %10s %10s %8s\n", "component", "lowest", "highest", "mean", "deviation",
              "noise", "");
  double smallest = HUGE_VAL, largest = 0;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const ComponentSummary& sum = sums[i];
    labels.push_back(by_column && !plan.array_a_motion ? plan.states[i] : "x" + std::to_string(i + 1));
    std::printf("%-12s %10s %10s %10s %10s %10s %8s\n", labels[i].c_str(), digits(sum.lowest).c_str(),
                digits(sum.highest).c_str(), digits(sum.mean).c_str(), digits(sum.deviation).c_str(),
                digits(sum.noise).c_str(),
                sum.deviation > 0 ? percent(sum.noise / sum.deviation).c_str() : "");
    add_remarks(remarks, labels[i], sum);
    if (sum.constant()) continue;
    smallest = std::min(smallest, sum.deviation);
    largest = std::max(largest, sum.deviation);
  }
  if (dim > most) std::printf("and %td components more\n", dim - most);
  if (largest > 1e3 * smallest)
    remarks.push_back("components differ in size by " + digits(largest / smallest) + " (units?)");
  if (recorded.rates.empty()) remarks.push_back("no rates: states alone");
  for (const std::string& remark : remarks) std::printf("- %s\n", remark.c_str());
  if (!out.empty()) std::printf("%s\n", data_info::draw_data(out, file, components, labels).c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::string file, out;
  ArrayNames names;
  CLI::App app("Tells what is in an .npz, .csv, MATLAB or HDF5 file of recorded motions.");
  app.footer("What shapes and names a file may have: docs/data.md");
  app.add_option("FILE", file, "the file")->required();
  const auto add = [&](const char* name, std::string& value, const char* meaning) {
    app.add_option(name, value, meaning)
        ->group("Names of arrays or columns (several with commas; '' for none)")
        ->capture_default_str();
  };
  add("--time", names.time, "times");
  add("--states", names.states, "states");
  add("--rates", names.rates, "their rates, where measured");
  add("--inputs", names.inputs, "what drives the motions");
  add("--parameters", names.parameters, "parameters of each member");
  add("--weights", names.weights, "weights of each component of a sample; 0: missing");
  add("--member", names.member, "which member a motion, or a sample, is of");
  add("--motion", names.motion, "which motion a sample is of");
  app.add_option("--out", out, "directory for a picture, data.svg");
  return run_program(app, "data_info", argc, argv, [&] { return inform(file, names, out); });
}
