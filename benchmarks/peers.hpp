#pragma once

#include "row.hpp"

namespace metriplex::bench {

/// Adds this program as plain -O2 builds it, if it was built, as a peer.
void add_plain_peer(Plan& plan);

/// Adds PyTorch (training) and LibTorch (the field at one state).
///
/// Errors: a peer that cannot be started.
void add_torch_peers(Plan& plan);

}  // namespace metriplex::bench
