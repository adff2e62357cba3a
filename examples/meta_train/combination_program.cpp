#include "combination_program.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <thread>
#include <utility>

#include "metriplex/core/error.hpp"
#include "metriplex/core/file.hpp"
#include "metriplex/core/text.hpp"
#include "progress.hpp"

// CMake records where things are: METRIPLEX_BUILD (its build folder), METRIPLEX_CMAKE, METRIPLEX_BUILD_TOOL, METRIPLEX_COMPILER,
// METRIPLEX_ASKED (the folder of combinations asked for) and METRIPLEX_PROGRAMS (that of their programs).
namespace metriplex::driver {

namespace fs = std::filesystem;

namespace {

/// Names what is missing to compile with; nothing, if all is there.
std::string missing_tool() {
  if (!fs::exists(METRIPLEX_BUILD "/CMakeCache.txt")) return "build folder " METRIPLEX_BUILD;
  for (const auto& [tool, path] : {std::pair{"CMake", METRIPLEX_CMAKE},
                                   {"build tool", METRIPLEX_BUILD_TOOL},
                                   {"C++ compiler", METRIPLEX_COMPILER}})
    if (access(path, X_OK) != 0) return std::string(tool) + " at " + path;
  return access(METRIPLEX_ASKED, W_OK) == 0 ? "" : "right to write in " METRIPLEX_BUILD;
}

/// Waits until done() says so, and says on stderr what for, if that takes more than a moment.
template <class Done>
void wait_until(Done done, bool surely_long, const std::string& what) {
  const Stopwatch watch;
  bool told = false;
  while (!done()) {
    if (!told && (surely_long || watch.seconds() > 0.7)) {
      std::fprintf(stderr, "%s ... ", what.c_str());
      told = true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  if (told) std::fprintf(stderr, "%.0f s\n", watch.seconds());
}

/// Locks the build folder for this process and those that it starts: build tools that work in one at the same time spoil
/// each other's logs.
int lock_build_folder() {
  constexpr const char* path = METRIPLEX_ASKED "/lock";
  const int lock = open(path, O_RDWR | O_CREAT, 0666);
  require(lock >= 0,
          [&] { return std::string("expected to lock ") + path + ", got " + quote(std::strerror(errno)); });
  wait_until([&] { return flock(lock, LOCK_EX | LOCK_NB) == 0; }, false,
             "waiting for another process that compiles");
  return lock;
}

/// Starts the build tool on a target; its output goes to a file.
pid_t start_build(const std::string& target, const std::string& log) {
  const pid_t child = fork();
  require(child >= 0, [] { return "expected to start a process, got " + quote(std::strerror(errno)); });
  if (child > 0) return child;
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  execl(METRIPLEX_CMAKE, METRIPLEX_CMAKE, "--build", METRIPLEX_BUILD, "--target", target.c_str(), nullptr);
  _exit(127);
}

/// Picks the first line of a log that tells of an error.
std::string first_error(const std::string& log) {
  std::istringstream lines(read_file(log));
  for (std::string line; std::getline(lines, line);)
    if (line.find("error: ") != std::string::npos || line.find("Error") != std::string::npos) return line;
  return "no error message";
}

void bring_up_to_date(const std::string& name, const fs::path& program) {
  const bool there = fs::exists(program);
  const fs::path asked = fs::path(METRIPLEX_ASKED) / (name + ".asked");
  if (!there && !fs::exists(asked)) write_atomically(asked, "");  // CMake sees it, and adds a target
  const std::string log = METRIPLEX_ASKED "/" + name + ".log";
  const pid_t build = start_build("meta_train-" + name, log);
  int status = 0;
  wait_until([&] { return waitpid(build, &status, WNOHANG) != 0; }, !there,
             "compiling " + name + (there ? " (its sources have changed)" : " (once)"));
  require(status == 0, [&] {
    return "expected " + name + " to compile, got \"" + first_error(log) + "\" (the whole: " + log + ")";
  });
}

}  // namespace

void run_combination_program(const std::string& name, char** argv) {
  const fs::path program = fs::path(METRIPLEX_PROGRAMS) / name;
  const std::string missing = missing_tool();
  if (missing.empty()) {
    const int lock = lock_build_folder();
    bring_up_to_date(name, program);
    // It is let go by becoming the program: until then nobody replaces what is up to date now.
    fcntl(lock, F_SETFD, FD_CLOEXEC);
  } else {
    require(fs::exists(program),
            [&] { return "expected to compile " + name + " (once), got no " + missing; });
    std::fprintf(stderr, "meta_train: warning: %s may be out of date: no %s\n", name.c_str(),
                 missing.c_str());
  }
  std::fflush(stdout);  // what was printed would be lost
  execv(program.c_str(), argv);
  throw Error("expected to start " + program.string() + ", got " + quote(std::strerror(errno)));
}

}  // namespace metriplex::driver
