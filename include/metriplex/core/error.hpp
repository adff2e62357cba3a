#pragma once

#include <concepts>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

#include "metriplex/core/text.hpp"

namespace metriplex {

/// Reports wrong input at a boundary (a file, sizes, NaN in data): one line that says what was expected, what
/// came, and where.
///
/// Not: a numerical failure that is to be expected (Newton that does not converge); that is a `StepStatus`.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A piece of a message: text, or a number that becomes text only when the message is needed.
class MessagePart {
 public:
  MessagePart(const char* text) : text_(text) {}
  MessagePart(std::string_view text) : text_(text) {}
  MessagePart(const std::string& text) : text_(text) {}
  template <std::integral Integer>
  MessagePart(Integer number) : kind_(Kind::integer), integer_(static_cast<std::int64_t>(number)) {}
  MessagePart(double number) : kind_(Kind::real), real_(number) {}

  /// Appends the piece to a message.
  [[gnu::cold]] void append_to(std::string& message) const {
    if (kind_ == Kind::text) message += text_;
    if (kind_ == Kind::integer) message += std::to_string(integer_);
    if (kind_ == Kind::real) message += number_text(real_);
  }

 private:
  enum class Kind { text, integer, real } kind_ = Kind::text;
  union {
    std::string_view text_;
    std::int64_t integer_;
    double real_;
  };
};

/// Throws `Error` with the line; without exceptions (-fno-exceptions) the line goes to stderr and the program ends.
[[noreturn, gnu::cold, gnu::noinline]] inline void fail(const std::string& line) {
#ifdef __cpp_exceptions
  throw Error(line);
#else
  std::fprintf(stderr, "metriplex: %s\n", line.c_str());
  std::abort();
#endif
}

/// Fails with the pieces one after the other; apart from its callers, which stay small.
[[noreturn, gnu::cold, gnu::noinline]] inline void fail(std::initializer_list<MessagePart> message) {
  std::string line;
  for (const MessagePart& part : message) part.append_to(line);
  fail(line);
}

/// Throws `Error` with `message` unless `condition` holds.
inline void require(bool condition, const char* message) {
  if (!condition) fail({message});
}

/// Throws `Error` with the pieces of `message`, one after the other, unless `condition` holds: `require(n > 0,
/// {"expected n > 0, got ", n})`.
[[gnu::always_inline]] inline void require(bool condition, std::initializer_list<MessagePart> message) {
  if (!condition) fail(message);
}

/// Throws `Error` with `message()` unless `condition` holds, for a message that takes work to build: it is
/// built only when it is needed.
template <class Message>
  requires requires(Message m) {
    std::string(m());
  }
void require(bool condition, Message message) {
  if (!condition) fail(std::string(message()));
}

}  // namespace metriplex
