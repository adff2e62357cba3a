#pragma once

namespace metriplex::driver {

/// Lists the parts that an option of the command line chooses from.
template <class... Parts>
struct PartList {};

/// Calls `visit.template operator()<P>()` for every part of a list, in order.
template <class Visitor, class... Parts>
constexpr void for_each_part(PartList<Parts...>, Visitor&& visit) {
  (visit.template operator()<Parts>(), ...);
}

}  // namespace metriplex::driver
