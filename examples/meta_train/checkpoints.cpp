#include "checkpoints.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "../command_line.hpp"
#include "metriplex/core/file.hpp"
#include "metriplex/io/model_checksum.hpp"
#include "metriplex/io/model_header.hpp"
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

void prepare_directory(const Request& request) {
  const fs::path& directory = request.out;
  std::vector<std::string> files{"model.safetensors", "report.json", "loss.csv"};
  if (!request.header.empty()) files.push_back(request.header + ".hpp");
  std::error_code error;
  fs::create_directories(directory, error);
  require(fs::is_directory(directory), [&] {
    return "expected a directory to write to, got " + quote(directory.string()) + " (" +
           (error ? error.message() : "not a directory") + ")";
  });
  const auto trial = directory / ".metriplex-trial";
  write_atomically(trial, "");
  fs::remove(trial, error);
  for (const std::string& file : files)
    require(!fs::exists(directory / file, error) || fs::is_regular_file(directory / file, error), [&] {
      return "expected to write " + (directory / file).string() + ", got a directory or device there";
    });
  if (request.resume || request.overwrite) return;
  for (const std::string& file : files)
    require(!fs::exists(directory / file, error), [&] {
      return "expected a directory without results of another run, or --overwrite, got " +
             (directory / file).string();
    });
  require(checkpoints_in(directory).empty(), [&] {
    return "expected a directory without an unfinished run, or --overwrite, got " +
           checkpoints_in(directory)[0].string() + " (to finish that: --resume " + directory.string() + ")";
  });
}

void lock_directory(const fs::path& folder) {
  std::error_code ignored;  // what is wrong with a directory, `prepare_directory` says
  fs::create_directories(folder, ignored);
  const int directory = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);  // and never closed
  require(directory < 0 || flock(directory, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK,
          [&] { return "expected a directory to which no other run writes, got " + quote(folder.string()); });
}

void remove_results(const fs::path& folder, const fs::path& kept) {
  std::error_code ignored;
  const auto remove = [&](const fs::path& file) {
    if (file != kept) fs::remove(file, ignored);
  };
  try {
    const auto report = nlohmann::json::parse(read_file(folder / "report.json"));
    const std::string header = report.at("options").value("header", "");
    if (is_identifier(header)) remove(folder / (header + ".hpp"));
  } catch (const std::exception&) {  // none, or no report
  }
  for (const char* file : {"model.safetensors", "report.json", "loss.csv"}) remove(folder / file);
  for (const char* picture :
       {"energy", "production", "trajectories", "entropy_over_time", "energy_over_time", "loss"}) {
    for (const char* format : {".svg", ".png"}) remove(folder / (std::string(picture) + format));
    for (const char* kind : {".dat", ".gp", "_field.dat"})
      remove(folder / "plots" / (std::string(picture) + kind));
  }
  for (const fs::path& checkpoint : checkpoints_in(folder)) remove(checkpoint);
}

}  // namespace metriplex::driver
