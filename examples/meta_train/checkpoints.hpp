#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "metriplex/core/types.hpp"
#include "metriplex/io/safetensors.hpp"
#include "request.hpp"

namespace metriplex::driver {

/// A checkpoint as it was read.
struct Checkpoint {
  std::filesystem::path path;
  TensorFile file;
};

/// Lists the checkpoints in a folder, checkpoint-STEP.safetensors, the newest first.
std::vector<std::filesystem::path> checkpoints_in(const std::filesystem::path& folder);

/// Names the checkpoint of a step.
std::filesystem::path checkpoint_path(const std::filesystem::path& folder, Index step);

/// Removes all but the `kept` newest, and what killed writers left of others.
void prune_checkpoints(const std::filesystem::path& folder, std::size_t kept);

/// Reads the newest checkpoint in a folder that can be read; of others it warns, where it is to.
///
/// Errors: no checkpoint, or none that can be read, with what is wrong with the newest.
Checkpoint newest_checkpoint(const std::filesystem::path& folder, bool warn);

/// What a checkpoint notes of its run: the command line, and what data it is of.
std::map<std::string, std::string> notes_of_run(const Request& request, const std::string& data_checksum);

/// Returns the command line of the run that a checkpoint is of.
///
/// Errors: a checkpoint without one.
std::vector<std::string> arguments_of_run(const Checkpoint& checkpoint);

}  // namespace metriplex::driver
