#pragma once

#include <stdexcept>
#include <string>

namespace metriplex {

/// Reports wrong input at a boundary (a file, sizes, NaN in data): one line that says what was expected, what
/// came, and where.
///
/// Not: a numerical failure that is to be expected (Newton that does not converge); that is a `StepStatus`.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws `Error` with `message` unless `condition` holds.
inline void require(bool condition, const char* message) {
  if (!condition) throw Error(message);
}

/// Throws `Error` with `message()` unless `condition` holds; the message is built only when it is needed.
template <class Message>
  requires requires(Message m) {
    std::string(m());
  }
void require(bool condition, Message message) {
  if (!condition) throw Error(message());
}

}  // namespace metriplex
