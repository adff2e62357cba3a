#include "results_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "checkpoints.hpp"
#include "metriplex/core/file.hpp"
#include "metriplex/io/model_header.hpp"

namespace metriplex::driver {

namespace fs = std::filesystem;

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
