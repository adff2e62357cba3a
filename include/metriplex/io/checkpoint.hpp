#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "metriplex/core/state_archive.hpp"
#include "metriplex/io/model_checksum.hpp"
#include "metriplex/io/model_file.hpp"

namespace metriplex {

namespace detail {

/// What a checkpoint must agree on with the program that reads it: what a model's file must, under a format of its own.
template <class Model>
Architecture checkpoint_architecture() {
  Architecture expected = architecture<Model>();
  expected.front().second = "metriplex-checkpoint-1";
  return expected;
}

}  // namespace detail

/// Takes down where a training stands, for `write_checkpoint`, which need not hold it up.
///
/// Shapes: "training" [n], all that `AutoDecoder::serialize` lists; `notes` as metadata and `arrays` are kept beside it.
/// Errors: notes or arrays under names that the file needs itself.
template <class Trainer>
TensorFile take_checkpoint(Trainer& trainer, const std::map<std::string, std::string>& notes = {},
                           Tensors arrays = {}) {
  StateArchive archive;
  archive(trainer);
  TensorFile file{notes, std::move(arrays)};
  bool own = !notes.contains("checksum");
  for (const auto& entry : detail::checkpoint_architecture<typename Trainer::Model>())
    own = file.metadata.insert(entry).second && own;
  const auto count = static_cast<Index>(archive.numbers().size());
  own = file.tensors.emplace("training", Tensor{{count}, archive.take_numbers()}).second && own;
  require(own, "expected notes and arrays under names of their own, got one that a checkpoint needs");
  return file;
}

/// Writes a checkpoint, from which training goes on with the same bits after whatever ended the program.
///
/// Errors: as `write_safetensors`; the old file stays.
inline void write_checkpoint(const std::filesystem::path& path, TensorFile checkpoint) {
  detail::write_with_checksum(path, checkpoint);
}

/// Lets a training that was prepared with the same types, options and data go on from what `read_model_file` read of a checkpoint.
///
/// Errors: a checkpoint of another model, of other options or data, the message ends in `where`: the trainer is then to be thrown away.
template <class Trainer>
void restore_checkpoint(const TensorFile& file, Trainer& trainer, const std::string& where) {
  detail::require_architecture(file, detail::checkpoint_architecture<typename Trainer::Model>(), where);
  detail::metadata(file, "checksum", where);
  const auto found = file.tensors.find("training");
  require(found != file.tensors.end(), {"expected an array 'training', got none", where});
  try {
    StateArchive archive(found->second.values);
    archive(trainer);
    archive.finish();
  } catch (const Error& error) {
    fail({error.what(), where});
  }
}

/// Lets it go on from a checkpoint's file.
///
/// Errors: as `read_model_file` and `restore_checkpoint`.
template <class Trainer>
void load_checkpoint(const std::filesystem::path& path, Trainer& trainer) {
  restore_checkpoint(read_model_file(path), trainer, " in " + path.string());
}

}  // namespace metriplex
