// How fast files are read, beside what they cost at least: bench_files MEGABYTES DIRECTORY
// Writes a family of so many megabytes there, stored, deflated and as a table, and reads each a few times in turn with: its bytes into new
// memory, inflation by zlib alone. Fastest of three; processor time of the one thread beside it.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zip.h>
#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "metriplex/core/file.hpp"
#include "metriplex/core/random.hpp"
#include "metriplex/data/npz.hpp"
#include "metriplex/files/read_recordings.hpp"

namespace {

using namespace metriplex;

struct Times {
  double wall = HUGE_VAL, processor = HUGE_VAL;

  void measure(const std::function<void()>& work) {
    const auto processor_time = [] {
      rusage usage;
      getrusage(RUSAGE_SELF, &usage);
      return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
             1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    };
    const double before = processor_time();
    const auto begin = std::chrono::steady_clock::now();
    work();
    wall = std::min(wall, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    processor = std::min(processor, processor_time() - before);
  }
  void print(const char* what, double bytes) const {
    std::printf("%-34s %8.1f MB/s, %8.1f MB a second of the processor\n", what, bytes / wall / 1e6,
                bytes / processor / 1e6);
  }
};

/// The least that a file can cost: its bytes, in new memory.
void read_bytes(const std::filesystem::path& path) {
  const std::size_t size = std::filesystem::file_size(path);
  const std::unique_ptr<char, void (*)(void*)> bytes(static_cast<char*>(std::malloc(size)), std::free);
  const int file = open(path.c_str(), O_RDONLY);
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = read(file, bytes.get() + done, size - done);
    if (got <= 0) std::exit(1);
    done += static_cast<std::size_t>(got);
  }
  close(file);
}

/// Writes arrays as numpy.savez_compressed does.
void write_deflated(const std::filesystem::path& path, const Tensors& arrays) {
  std::filesystem::remove(path);
  zip_t* const archive = zip_open(path.c_str(), ZIP_CREATE, nullptr);
  std::map<std::string, std::string> bytes;
  for (const auto& [name, array] : arrays) bytes[name + ".npy"] = encode_npy(array, name);
  for (const auto& [name, content] : bytes)
    zip_file_add(archive, name.c_str(), zip_source_buffer(archive, content.data(), content.size(), 0), 0);
  if (zip_close(archive) != 0) std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return std::fputs("usage: bench_files MEGABYTES DIRECTORY\n", stderr), 2;
  const Index samples = 500,
              motions = std::max<Index>(1, static_cast<Index>(std::atof(argv[1]) * 1e6 / 16 / 500));
  const std::filesystem::path directory = argv[2];
  std::filesystem::create_directories(directory);
  Random random(0);
  Tensors arrays{{"t", {{samples}, {}, Dtype::float64}},
                 {"X", {{motions, 1, samples, 2}, {}, Dtype::float64}}};
  for (Index k = 0; k < samples; ++k) arrays["t"].values.push_back(0.01 * static_cast<double>(k));
  for (Index k = 0; k < 2 * motions * samples; ++k)
    arrays["X"].values.push_back(std::sin(0.01 * static_cast<double>(k)) + 1e-3 * random.normal());
  write_npz(directory / "stored.npz", arrays);

  const auto compare = [](const std::filesystem::path& path, double bytes, const char* least,
                          const std::function<void()>& cheapest, const char* ours,
                          const std::function<void()>& work) {
    Times alone, whole;
    for (int k = 0; k < 3; ++k) {
      alone.measure(cheapest);
      whole.measure(work);
    }
    std::printf("%s, %.0f MB\n", path.filename().c_str(), bytes / 1e6);
    alone.print(least, bytes);
    whole.print(ours, bytes);
    std::printf("%-34s %8.2f of the rate, %.2f by the processor\n\n", "", alone.wall / whole.wall,
                alone.processor / whole.processor);
  };
  const auto read = [](const std::filesystem::path& path) { return [path] { read_arrays(path); }; };
  const auto stored = directory / "stored.npz", deflated = directory / "deflated.npz",
             table = directory / "table.csv";
  const auto bytes = static_cast<double>(std::filesystem::file_size(stored));
  compare(
      stored, bytes, "its bytes into new memory", [&] { read_bytes(stored); }, "read_arrays", read(stored));
  compare(
      stored, bytes, "its bytes into new memory", [&] { read_bytes(stored); }, "read_recordings",
      [&] { read_recordings<2>(stored); });

  arrays["X"].shape[0] = std::max<Index>(1, motions / 10);
  arrays["X"].values.resize(static_cast<std::size_t>(2 * samples * arrays["X"].shape[0]));
  write_deflated(deflated, arrays);
  std::string raw = encode_npy(arrays["X"], "X");
  std::string packed(compressBound(raw.size()), '\0');
  uLongf size = packed.size();
  compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(raw.data()),
            raw.size(), 6);
  const auto inflate = [&] {
    uLongf length = raw.size();
    const std::unique_ptr<Bytef, void (*)(void*)> to(static_cast<Bytef*>(std::malloc(length)), std::free);
    if (uncompress(to.get(), &length, reinterpret_cast<const Bytef*>(packed.data()), size) != Z_OK)
      std::exit(1);
  };
  compare(deflated, static_cast<double>(raw.size()), "inflation by zlib alone", inflate, "read_arrays",
          read(deflated));

  std::string text = "member,t,q,p\n";
  for (Index k = 0; k < samples * arrays["X"].shape[0]; ++k) {
    const double* const x = arrays["X"].values.data() + 2 * k;
    text += std::to_string(k / samples) + "," + number_text(0.01 * static_cast<double>(k % samples)) + "," +
            number_text(x[0]) + "," + number_text(x[1]) + "\n";
  }
  write_atomically(table, text);
  compare(
      table, static_cast<double>(text.size()), "its bytes into new memory", [&] { read_bytes(table); },
      "read_arrays", read(table));
  for (const auto& path : {stored, deflated, table}) std::filesystem::remove(path);
}
