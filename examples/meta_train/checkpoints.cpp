#include "checkpoints.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "../command_line.hpp"
#include "metriplex/io/model_checksum.hpp"
#include "report.hpp"

namespace metriplex::driver {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view beginning = "checkpoint-", ending = ".safetensors";

/// Tells the step of a checkpoint's file, or -1 of another.
Index step_of(const fs::path& path) {
  const std::string name = path.filename().string();
  Index step = -1;
  const bool ours =
      name.size() > beginning.size() + ending.size() && name.starts_with(beginning) &&
      name.ends_with(ending) &&
      read_number(name.substr(beginning.size(), name.size() - beginning.size() - ending.size()), step);
  return ours ? step : -1;
}

}  // namespace

std::vector<fs::path> checkpoints_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (step_of(entry.path()) >= 0 && entry.is_regular_file(error)) found.push_back(entry.path());
  std::sort(found.begin(), found.end(),
            [](const fs::path& a, const fs::path& b) { return step_of(a) > step_of(b); });
  return found;
}

fs::path checkpoint_path(const fs::path& folder, Index step) {
  return folder / (std::string(beginning) + std::to_string(step) + std::string(ending));
}

void prune_checkpoints(const fs::path& folder, std::size_t kept) {
  const std::vector<fs::path> found = checkpoints_in(folder);
  std::error_code ignored;
  for (std::size_t i = kept; i < found.size(); ++i) fs::remove(found[i], ignored);
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(beginning) && name.find(std::string(ending) + ".partial-") != std::string::npos)
      fs::remove(entry.path(), ignored);
  }
}

Checkpoint newest_checkpoint(const fs::path& folder, bool warn) {
  const std::vector<fs::path> found = checkpoints_in(folder);
  require(!found.empty(), [&] {
    return "expected a checkpoint to go on from, got none in " + quote(folder.string()) +
           " (a run that has ended leaves none)";
  });
  std::string wrong;
  for (const fs::path& path : found) {
    try {
      Checkpoint checkpoint{path, read_model_file(path)};
      if (warn && !wrong.empty())
        std::fprintf(stderr, "meta_train: warning: %s; going on from %s\n", wrong.c_str(),
                     path.filename().c_str());
      return checkpoint;
    } catch (const Error& error) {
      if (wrong.empty()) wrong = error.what();
    }
  }
  throw Error(wrong);
}

std::map<std::string, std::string> notes_of_run(const Request& request, const std::string& data_checksum) {
  using Json = nlohmann::json;
  std::map<std::string, std::string> notes{
      {"arguments", Json(request.arguments).dump(-1, ' ', false, Json::error_handler_t::replace)},
      {"data_crc32", data_checksum}};
  if (!request.data.empty()) notes["data"] = as_utf8(fs::absolute(request.data).string());
  return notes;
}

std::vector<std::string> arguments_of_run(const Checkpoint& checkpoint) {
  const auto& notes = checkpoint.file.metadata;
  const auto found = notes.find("arguments");
  const auto list = nlohmann::json::parse(found == notes.end() ? "" : found->second, nullptr, false);
  std::vector<std::string> arguments;
  bool good = list.is_array();
  for (std::size_t i = 0; good && i < list.size(); ++i) {
    good = list[i].is_string();
    if (good) arguments.push_back(list[i].get<std::string>());
  }
  require(good, [&] {
    return "expected the command line of a run in its checkpoint, got none in " + checkpoint.path.string();
  });
  return arguments;
}

}  // namespace metriplex::driver
