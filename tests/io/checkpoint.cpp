#include "metriplex/io/checkpoint.hpp"

#include "metriplex/modulation/svd.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/train/adam.hpp"
#include "metriplex/train/auto_decoder.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/oscillator_family.hpp"
#include "support/temporary_directory.hpp"

using namespace metriplex;

namespace {

using Small = Model<Hamiltonian<2>, Mlp<Softplus, 2, 8, 1>, Svd<2>>;
using Trainer = AutoDecoder<Small, Adam>;

}  // namespace

TEST_CASE("a checkpoint's file lets training go on to the same bits, and no damaged one does",
          "[io][checkpoint]") {
  const TemporaryDirectory directory;
  const auto path = directory / "checkpoint.safetensors";
  const TaskSet<2> family = test::oscillator_family(3, 20);
  const Trainer::Options options{.steps = 8, .points = 6};
  Small whole(2), half(2), rest(2);
  Trainer(whole, family, options).run();
  Trainer until(half, family, options);
  for (int i = 0; i < 4; ++i) until.step();
  write_checkpoint(path, take_checkpoint(until, {{"arguments", "[]"}}, {{"loss", {{1, 2}, {1, 0.5}}}}));

  Trainer from(rest, family, options);
  load_checkpoint(path, from);
  from.run();
  CHECK(rest.parameters() == whole.parameters());
  CHECK(rest.latents() == whole.latents());
  const TensorFile file = read_model_file(path);
  CHECK(file.metadata.at("arguments") == "[]");
  CHECK(file.tensors.at("loss").values == std::vector<double>{1, 0.5});

  const auto refused = [&](const std::string& bytes) {
    write_atomically(path, bytes);
    return error_text([&] { load_checkpoint(path, from); });
  };
  const std::string bytes = read_file(path);
  std::string other = bytes;
  other[bytes.size() - 100] ^= 1;
  CHECK(refused(other).find("expected the checksum ") == 0);
  CHECK(refused(bytes.substr(0, bytes.size() - 8)) != "");
  TensorFile without = file;
  without.metadata.erase("checksum");
  CHECK(refused(encode_safetensors(without, "")).find("expected metadata 'checksum', got none") == 0);
  for (const char* name : {"checksum", "structure"})
    CHECK(error_text([&] {
            take_checkpoint(from, {{name, "mine"}});
          }).find("names of their own") != std::string::npos);
  save_model(path, rest);
  CHECK(error_text([&] { load_checkpoint(path, from); }).find("expected a model of format") == 0);
}
