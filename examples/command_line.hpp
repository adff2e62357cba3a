#pragma once

#include <CLI/CLI.hpp>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <limits>
#include <string>

#include "metriplex/core/error.hpp"
#include "metriplex/core/text.hpp"

namespace metriplex {

/// Reads all of a text as a number.
template <class Number>
bool read_number(const std::string& text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && rest == end;
}

/// Takes whole numbers of a range, in decimal: CLI11 alone reads 010 as eight, and -1 as 2⁶⁴ − 1.
template <class Integer>
CLI::Validator whole(Integer least, Integer most = std::numeric_limits<Integer>::max()) {
  return CLI::Validator(
      [=](std::string& text) {
        Integer number{};
        if (!read_number(text, number) || number < least || number > most)
          return "expected a whole number of " + std::to_string(least) + " to " + std::to_string(most) +
                 ", got " + quote(text);
        text = std::to_string(number);
        return std::string();
      },
      "");
}

/// Takes finite numbers above zero, or from zero on.
inline CLI::Validator positive(bool or_zero = false) {
  return CLI::Validator(
      [or_zero](std::string& text) {
        double number = 0;
        const bool fine =
            read_number(text, number) && std::isfinite(number) && (or_zero ? number >= 0 : number > 0);
        return fine ? std::string()
                    : (or_zero ? "expected a number of 0 or more, got " : "expected a number above 0, got ") +
                          quote(text);
      },
      "");
}

/// Makes sure that what was printed has arrived: a full disk shows only now.
inline void flush_output() {
  std::cout.flush();
  require(std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.good(),
          [] { return "expected to print the results, got " + quote(std::strerror(errno)); });
}

/// Reads a program's command line and does its work; whatever goes wrong is one line on stderr and an exit status of 1,
/// or 2 where the command line is at fault.
template <class Work>
int run_program(CLI::App& app, const char* name, int argc, char** argv, Work&& work) {
  try {
    try {
      app.parse(argc, argv);
    } catch (const CLI::CallForHelp& help) {
      app.exit(help);
      flush_output();
      return 0;
    }
    const int status = work();
    flush_output();
    return status;
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "%s: %s (--help lists the options)\n", name, error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", name, error.what());
    return 1;
  }
}

}  // namespace metriplex
