#include "process.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "metriplex/core/error.hpp"
#include "metriplex/core/text.hpp"

namespace metriplex::bench {

Process::Process(std::string name, const std::vector<std::string>& command, int threads)
    : name_(std::move(name)) {
  std::signal(SIGPIPE, SIG_IGN);  // a peer that has died is an answer that is missing
  // Closed on exec: a peer that held the pipe of another would keep it from its end.
  int down[2], up[2];
  require(pipe2(down, O_CLOEXEC) == 0 && pipe2(up, O_CLOEXEC) == 0, "cannot open a pipe");
  id_ = fork();
  require(id_ >= 0, "cannot start another process");
  if (id_ == 0) {
    dup2(down[0], STDIN_FILENO);
    dup2(up[1], STDOUT_FILENO);
    for (const char* variable : {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"})
      setenv(variable, std::to_string(threads).c_str(), 1);
    std::vector<char*> argv;
    for (const std::string& argument : command) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    execvp(argv[0], argv.data());
    _exit(127);
  }
  close(down[0]);
  close(up[1]);
  to_ = fdopen(down[1], "w");
  from_ = fdopen(up[0], "r");
  const std::string first = answer();
  require(first == "ready", [&] {
    return "the peer " + name_ + " did not start" + (first.empty() ? "" : ": " + first) +
           "; ./dev bench --peers installs and builds what it needs";
  });
}

Process::~Process() {
  std::fclose(to_);  // the end of its input is the end of it
  std::fclose(from_);
  waitpid(id_, nullptr, 0);
}

double Process::ask(const std::string& row) {
  std::fprintf(to_, "%s\n", row.c_str());
  std::fflush(to_);
  const std::string line = answer();
  char* end = nullptr;
  const double seconds = std::strtod(line.c_str(), &end);
  require(seconds > 0 && *end == '\0',
          [&] { return "the peer " + name_ + " was asked for " + row + " and answered " + quote(line); });
  return seconds;
}

std::string Process::answer() {
  std::string line;
  for (int c; (c = std::fgetc(from_)) != EOF && c != '\n';) line += static_cast<char>(c);
  return line;
}

}  // namespace metriplex::bench
