// Reads a file again and again, each time damaged in another way: cut short at every byte, every byte with one bit flipped, every
// byte 0xFF. What may come is an error in one line, the same values, or, where the format has no checksum, other values.
//
// Usage: sweep FILE [STRIDE]      which is read as it is first
//        sweep --model FILE       writes a model to sweep
// A reader that crashes, hangs or takes more memory than `allowed` ends in the counts too: each damage is read in a child.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "formats.hpp"

using namespace metriplex;

namespace {

std::size_t allocated = 0, peak = 0, allowed = ~std::size_t{0};
constexpr int too_much = 77;  // exit status

}  // namespace

// The sanitizer's hooks see what libraries allocate as well.
extern "C" std::size_t __sanitizer_get_allocated_size(const volatile void*);
extern "C" void __sanitizer_malloc_hook(const volatile void* at, std::size_t) {
  allocated += __sanitizer_get_allocated_size(at);
  peak = std::max(peak, allocated);
  if (allocated > allowed) _exit(too_much);
}
extern "C" void __sanitizer_free_hook(const volatile void* at) {
  if (at != nullptr) allocated -= __sanitizer_get_allocated_size(at);
}

namespace {

enum Outcome { refused, same, other, lost, greedy, crashed, outcomes };
constexpr const char* words[] = {"refused",     "the same",        "other values",
                                 "arrays lost", "too much memory", "crashed"};

/// What parent and child share.
struct Tally {
  std::size_t next, counts[outcomes], peak;
  double slowest;
};

/// The damage of a number: first all truncations, then two of each byte.
struct Damage {
  std::string_view bytes;
  std::size_t stride;

  std::size_t cuts() const { return (bytes.size() + stride - 1) / stride; }
  std::size_t count() const { return 3 * cuts(); }
  std::string make(std::size_t number) const {
    const std::size_t at = number % cuts() * stride;
    if (number < cuts()) return std::string(bytes.substr(0, at));
    std::string damaged(bytes);
    damaged[at] = number < 2 * cuts() ? static_cast<char>(damaged[at] ^ (1 << at / stride % 8)) : '\xff';
    return damaged;
  }
  std::string text(std::size_t number) const {
    return (number < cuts()       ? "cut at "
            : number < 2 * cuts() ? "bit flipped in "
                                  : "0xFF at ") +
           std::to_string(number % cuts() * stride);
  }
};

void put(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// Reads one damaged file.
Outcome outcome_of(const std::filesystem::path& path, const fuzz::Read& whole) {
  try {
    const fuzz::Read read = fuzz::read_any(path);
    for (const auto& note : read.notes)
      if (!whole.notes.contains(note.first)) return refused;  // one array, with the reason
    return read == whole ? same : read.lacks(whole) ? lost : other;
  } catch (const Error& error) {
    fuzz::require_clear(error, path);
    return refused;
  }
}

void read_all(const Damage& damage, const std::filesystem::path& path, const fuzz::Read& whole,
              Tally& tally) {
  for (; tally.next < damage.count(); ++tally.next) {
    put(path, damage.make(tally.next));
    const std::size_t before = allocated;
    peak = allocated;
    allowed = before + 40 * damage.bytes.size() + (8 << 20);  // buffers, and HDF5's own
    alarm(10);
    const auto start = std::chrono::steady_clock::now();
    const Outcome outcome = outcome_of(path, whole);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    allowed = ~std::size_t{0};
    tally.slowest = std::max(tally.slowest, seconds);
    tally.peak = std::max(tally.peak, peak - before);
    ++tally.counts[outcome];
    if (std::getenv("SWEEP_TELLS") != nullptr && outcome != refused)
      std::printf("%s: %s\n", damage.text(tally.next).c_str(), words[outcome]);
  }
}

void write_model(const char* path) {
  Random random(3);
  fuzz::Sample model(3);
  model.initialize(random);
  model.latents() = Matrix<double>::NullaryExpr(3, 20, [&] { return random.normal(); });
  save_model(path, model, {{"system", "pendulum"}});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string_view(argv[1]) == "--model") return write_model(argv[2]), 0;
  if (argc < 2) return std::fprintf(stderr, "usage: sweep FILE [STRIDE] | sweep --model FILE\n"), 2;
  const std::filesystem::path file = argv[1];
  const std::string bytes = read_file(file);
  const fuzz::Read whole = fuzz::read_any(file);
  const Damage damage{bytes, argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1};
  const auto path = std::filesystem::temp_directory_path() /
                    ("sweep-" + std::to_string(getpid()) + file.extension().string());
  auto& tally = *static_cast<Tally*>(
      mmap(nullptr, sizeof(Tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  while (tally.next < damage.count()) {
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0) {
      read_all(damage, path, whole, tally);
      std::fflush(nullptr);
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (tally.next == damage.count()) break;
    const bool memory = WIFEXITED(status) && WEXITSTATUS(status) == too_much;
    ++tally.counts[memory ? greedy : crashed];
    std::printf("%s: %s\n", damage.text(tally.next).c_str(),
                memory                ? words[greedy]
                : WIFSIGNALED(status) ? strsignal(WTERMSIG(status))
                                      : "ended by a sanitizer or a library");
    ++tally.next;
  }
  std::filesystem::remove(path);
  std::printf("%s, %zu bytes, %zu damages:", file.filename().c_str(), bytes.size(), damage.count());
  for (int k = 0; k < outcomes; ++k)
    std::printf(" %zu %s%s", tally.counts[k], words[k], k + 1 < outcomes ? "," : ";");
  std::printf(" at most %.1f times the file in memory, %.0f ms\n", double(tally.peak) / double(bytes.size()),
              1e3 * tally.slowest);
  return tally.counts[crashed] + tally.counts[greedy] > 0 ? 1 : 0;
}
