// One libFuzzer target, of what METRIPLEX_FUZZ names: npz, npy, csv, mat, hdf5, model or c_api. What a reader throws must be an
// `Error` of one line that names the file; all else ends the fuzzer.
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "formats.hpp"
#include "metriplex/data/zip_archive.hpp"
#ifdef METRIPLEX_FUZZ_C_API
#include "metriplex_c.h"
#endif

using namespace metriplex;

namespace {

enum class Target { npz, npy, csv, mat, hdf5, model, c_api };
constexpr Target target = Target::METRIPLEX_FUZZ;

/// Whether bytes begin as files of the target's format do; others would be read as those of another.
bool fits(std::string_view bytes) {
  using namespace std::string_view_literals;
  switch (target) {
    case Target::npz:
      return bytes.starts_with("PK");
    case Target::csv:
      return file_kind(bytes).starts_with("text");
    case Target::mat:
      return bytes.starts_with("MATLAB ");
    case Target::hdf5:
      return bytes.starts_with("\x89HDF\r\n\x1a\n"sv);
    default:
      return true;
  }
}

/// Makes the file that is read of the fuzzer's bytes: past checksums, which would stop nearly all of them at the door.
std::string file_of(std::string_view bytes) {
  if (target == Target::npy)
    return zip_stored({{"X.npy", std::string(bytes)}, {"t.npy", encode_npy({{2}, {0, 1}}, "t")}}, "fuzz");
  if (target != Target::model && target != Target::c_api) return std::string(bytes);
  try {
    TensorFile file = decode_safetensors(bytes, "fuzz");
    if (file.metadata.contains("checksum")) file.metadata["checksum"] = detail::checksum_text(file);
    return encode_safetensors(file, "fuzz");
  } catch (const Error&) {
    return std::string(bytes);
  }
}

#ifdef METRIPLEX_FUZZ_C_API
/// Loads, asks and evaluates, as a host does.
void use_c_api(const char* path) {
  metriplex_model* const model = metriplex_load(path);
  if (model == nullptr) fail(metriplex_error());
  const int dim = metriplex_dimension(model), latent = metriplex_latent(model);
  std::vector<double> z(static_cast<std::size_t>(latent)), x(static_cast<std::size_t>(dim), 0.3), dx(x),
      energy(1);
  metriplex_get_latent(model, z.data());
  metriplex_field(model, 1, x.data(), dx.data());
  metriplex_energy(model, 1, x.data(), energy.data());
  metriplex_free(model);
}
#endif

void read(const std::filesystem::path& path) {
#ifdef METRIPLEX_FUZZ_C_API
  use_c_api(path.c_str());
#else
  if (target == Target::model)
    fuzz::read_model(path);
  else
    fuzz::read_data(path);
#endif
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (!fits(bytes)) return -1;
  static const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("fuzz-" + std::to_string(getpid()) + ".safetensors");
  const std::string file = file_of(bytes);
  std::ofstream(path, std::ios::binary).write(file.data(), static_cast<std::streamsize>(file.size()));
  try {
    read(path);
  } catch (const Error& error) {
    fuzz::require_clear(error, path);
  }
  return 0;
}
