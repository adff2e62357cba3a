#include "metriplex/io/model_file.hpp"

#include <limits>
#include <utility>

#include "metriplex/modulation/except.hpp"
#include "metriplex/modulation/film.hpp"
#include "metriplex/modulation/full_weight.hpp"
#include "metriplex/modulation/low_rank.hpp"
#include "metriplex/modulation/none.hpp"
#include "metriplex/modulation/shift.hpp"
#include "metriplex/modulation/svd.hpp"
#include "metriplex/structure/generic.hpp"
#include "metriplex/structure/generic_bracket.hpp"
#include "metriplex/structure/generic_learned.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/structure/separable_hamiltonian.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_directory.hpp"

using namespace metriplex;

namespace {

using Net = Mlp<Tanh, 2, 9, 5, 1>;
using Stored = Model<Hamiltonian<2>, Net, Svd<2>>;

/// Draws every number that a file holds, from all magnitudes.
template <class M>
M random_model(std::uint64_t seed) {
  Random random(seed);
  M model(3);
  model.latents().resize(3, 4);
  for (const auto& view : detail::named_views(model))
    for (Index j = 0; j < view.columns; ++j)
      for (Index i = 0; i < view.rows; ++i)
        view.data[i + j * view.leading] =
            static_cast<typename M::Scalar>(random.normal() * std::pow(10.0, random.uniform(-30, 30)));
  return model;
}

template <class M>
void check_round_trip() {
  INFO(M::Modulation::name << " " << M::Hypernetwork::name << " " << sizeof(typename M::Scalar));
  const TemporaryDirectory directory;
  const auto path = directory / "model.safetensors";
  const M model = random_model<M>(1);
  save_model(path, model);
  const M again = load_model<M>(path);
  CHECK(again.latent() == model.latent());
  CHECK((again.parameters() == model.parameters()));
  CHECK((again.latents() == model.latents()));
  CHECK(again.scaling().mean == model.scaling().mean);
  CHECK(again.scaling().inverse_scale == model.scaling().inverse_scale);
  CHECK(again.scaling().energy == model.scaling().energy);
  CHECK(again.scaling().entropy == model.scaling().entropy);
  CHECK(again.scaling().friction == model.scaling().friction);
  CHECK(again.scaling().rate_scale == model.scaling().rate_scale);
}

/// Is a stored model's file, to be spoilt.
struct Spoilt {
  TemporaryDirectory directory;
  std::filesystem::path path = directory / "model.safetensors";
  TensorFile file;

  Spoilt() {
    save_model(path, random_model<Stored>(2));
    file = read_safetensors(path);
  }
  std::string reason() {
    if (file.metadata.contains("checksum")) file.metadata["checksum"] = detail::checksum_text(file);
    write_safetensors(path, file);
    const std::string text = error_text([&] { load_model<Stored>(path); });
    const std::string where = " in " + path.string();
    CHECK(text.size() > where.size());
    CHECK(text.ends_with(where));
    return text.substr(0, text.size() - std::min(text.size(), where.size()));
  }
};

/// Tells why a file is no model of type M: what `load_model` asks first, without the rest of it.
template <class M>
std::string refusal(const TensorFile& file) {
  return error_text([&] { detail::read_latent(file, detail::architecture<M>(), ""); });
}

}  // namespace

TEMPLATE_TEST_CASE("model files keep every modulation and hypernetwork to the bit", "[io][model_file]", None,
                   Shift, Film, FullWeight, LowRank<1>, LowRank<3>, Svd<2>) {
  check_round_trip<Model<Hamiltonian<2>, Net, TestType>>();
  check_round_trip<Model<Hamiltonian<2>, Net, TestType, float, MlpHypernetwork<4>>>();
}

TEST_CASE("model files keep excluded layers and several potentials", "[io][model_file]") {
  check_round_trip<Model<SeparableHamiltonian<4>, Mlp<Softplus, 2, 5, 1>, Except<Svd<2>, 0>, double,
                         MlpHypernetwork<4>>>();
}

TEST_CASE("model files keep networks of several kinds", "[io][model_file]") {
  using Known = Networks<Mlp<Tanh, 3, 5, 1>, Mlp<Silu, 3, 4, 6>>;
  check_round_trip<Model<Generic<3, 1>, Known, Svd<2>>>();
  check_round_trip<Model<Generic<3, 1>, Networks<Mlp<Tanh, 3, 5, 1>, Constants<6>>, LowRank<1>, float>>();
  using Learned = Networks<Mlp<Tanh, 3, 5, 1>, Mlp<Tanh, 3, 4, 1>, Mlp<Tanh, 3, 4, 3>, Mlp<Tanh, 3, 4, 6>>;
  check_round_trip<Model<GenericLearned<3>, Learned, Film>>();
  check_round_trip<Model<GenericBracket<3>, Mlp<Tanh, 3, 5, 1>, Shift>>();

  using Pair = Shared<Mlp<Tanh, 1, 5, 1>, Chain<2>>;
  using Both = SumOf<Pair, Shared<Mlp<Silu, 1, 4, 1>, Sites<2>>>;
  using Chained = Model<SeparableHamiltonian<4>, Networks<Both, Pair>, Svd<2>>;
  check_round_trip<Chained>();
  CHECK(detail::architecture<Chained>()[3].second == "1-5-1+1-4-1 1-5-1");
  CHECK(detail::architecture<Chained>()[4].second ==
        "tanh@chain2#1357911929+silu@sites2#1668951140 tanh@chain2#1357911929");
  // Another graph of as many edges is another model.
  CHECK(detail::fingerprint(Chain<3, Ends::periodic>::groups) != detail::fingerprint(AllPairs<3>::groups));

  const TemporaryDirectory directory;
  using M = Model<Generic<3, 1>, Known, Svd<2>>;
  save_model(directory / "m", random_model<M>(3));
  const TensorFile file = read_safetensors(directory / "m");
  CHECK(file.metadata.at("sizes") == "3-5-1 3-4-6");
  CHECK(file.metadata.at("activation") == "tanh silu");
  CHECK(file.tensors.at("E.0.W").shape == std::vector<Index>{5, 3});
  CHECK(file.tensors.at("D.1.W").shape == std::vector<Index>{6, 4});
  CHECK(file.tensors.count("scaling.friction") == 1);
}

TEST_CASE("what cannot be loaded again is not saved, and the old file stays", "[io][model_file]") {
  const TemporaryDirectory directory;
  const auto path = directory / "m";
  Stored model = random_model<Stored>(6);
  save_model(path, model);
  const auto refusal = [&](const std::map<std::string, std::string>& notes = {}) {
    return error_text([&] { save_model(path, model, notes); });
  };
  for (const char* key : {"format", "scalar", "latent", "dim", "version", "checksum"})
    CHECK(refusal({{key, "a note"}}) == "expected notes under keys of their own, got '" + std::string(key) +
                                            "', which a model's file needs for " + path.string());
  CHECK(one_line_with(refusal({{"by", "\xff"}}), "expected names and metadata in UTF-8"));
  const double before = std::exchange(model.parameters()[3], std::numeric_limits<double>::quiet_NaN());
  CHECK(refusal() == "expected numbers of magnitude 1e+100 at most, got nan in 'H.0.W' for " + path.string());
  model.parameters()[3] = before;
  model.latents()(1, 2) = std::numeric_limits<double>::infinity();
  CHECK(refusal() ==
        "expected numbers of magnitude 1e+100 at most, got inf in 'latents' for " + path.string());
  model.latents().setZero(2, 4);
  CHECK(one_line_with(refusal(), "got 3 and latents of 2 for"));
  const Model<Hamiltonian<2>, Net, Shift> wide(4097);
  CHECK(
      one_line_with(error_text([&] { save_model(path, wide); }), "expected at most 4096 latent dimensions"));
  CHECK((load_model<Stored>(path).latents() == random_model<Stored>(6).latents()));
}

TEST_CASE("a loaded model moves as the saved one did", "[io][model_file]") {
  const TemporaryDirectory directory;
  Stored model(3);
  Random random(4);
  model.initialize(random);
  save_model(directory / "m", model);
  const Vector<double> z{{0.5, -1, 2}};
  const Vector<double, 2> x(0.3, -0.4);
  CHECK(load_model<Stored>(directory / "m").bind(z)(x) == model.bind(z)(x));
}

TEST_CASE("a model file names its arrays and tells what it is, with notes of one's own", "[io][model_file]") {
  const TemporaryDirectory directory;
  const Stored model = random_model<Stored>(3);
  save_model(directory / "m", model, {{"system", "pendulum"}});
  const TensorFile file = read_safetensors(directory / "m");
  CHECK(file.metadata.at("system") == "pendulum");
  CHECK(file.metadata.at("scalar") == "f64");
  CHECK(file.metadata.at("modulation") == "svd");
  CHECK(file.metadata.at("structure") == "hamiltonian");
  CHECK(file.metadata.at("sizes") == "2-9-5-1");
  CHECK(file.metadata.at("activation") == "tanh");
  CHECK(file.metadata.at("latent") == "3");
  CHECK(file.tensors.at("H.0.W").shape == std::vector<Index>{9, 2});
  CHECK(file.tensors.at("H.1.b").shape == std::vector<Index>{5, 1});
  CHECK(file.tensors.at("H.1.U").shape == std::vector<Index>{5, 2});
  CHECK(file.tensors.at("H.1.V").shape == std::vector<Index>{9, 2});
  CHECK(file.tensors.at("hyper.A").shape == std::vector<Index>{Stored::code_size, 3});
  CHECK(file.tensors.at("latents").shape == std::vector<Index>{3, 4});
  // Row by row, without the padding that weights have in memory.
  const auto weight = layer_view<Net>(model.parameters().data(), 0).weight;
  CHECK(file.tensors.at("H.0.W").values[2 * 4 + 1] == weight(4, 1));
}

TEST_CASE("a model of another make is refused in one line that names both", "[io][model_file]") {
  const Spoilt stored;
  CHECK(refusal<Model<Hamiltonian<2>, Net, Shift>>(stored.file) ==
        "expected a model of modulation 'shift', got 'svd'");
  CHECK(refusal<Model<Hamiltonian<2>, Net, Svd<3>>>(stored.file) ==
        "expected a model of codes 's9x1d3x1 s5x1d3x1 d3x1', got 's9x1d2x1 s5x1d2x1 d2x1'");
  CHECK(refusal<Model<Hamiltonian<2>, Net, Except<Svd<2>, 1>>>(stored.file) ==
        "expected a model of codes 's9x1d2x1 - d2x1', got 's9x1d2x1 s5x1d2x1 d2x1'");
  CHECK(refusal<Model<Hamiltonian<2>, Mlp<Tanh, 2, 9, 6, 1>, Svd<2>>>(stored.file) ==
        "expected a model of sizes '2-9-6-1', got '2-9-5-1'");
  CHECK(refusal<Model<Hamiltonian<2>, Mlp<Silu, 2, 9, 5, 1>, Svd<2>>>(stored.file) ==
        "expected a model of activation 'silu', got 'tanh'");
  CHECK(refusal<Model<SeparableHamiltonian<4>, Net, Svd<2>>>(stored.file) ==
        "expected a model of structure 'separable_hamiltonian', got 'hamiltonian'");
  CHECK(refusal<Model<Hamiltonian<2>, Net, Svd<2>, float>>(stored.file) ==
        "expected a model of scalar 'f32', got 'f64'");
  CHECK(refusal<Model<Hamiltonian<2>, Net, Svd<2>, double, MlpHypernetwork<4>>>(stored.file) ==
        "expected a model of hypernetwork 'mlp', got 'linear'");
}

TEST_CASE("loading a model of another make fails in the same words", "[io][model_file]") {
  const Spoilt stored;
  CHECK(error_text([&] { load_model<Model<Hamiltonian<2>, Net, None>>(stored.path); }) ==
        "expected a model of modulation 'none', got 'svd' in " + stored.path.string());
}

TEST_CASE("a file that is no model, or of another latent size, is refused", "[io][model_file]") {
  Spoilt spoilt;
  for (const char* latent : {"-1", "three", "99999999999", "3 ", ""}) {
    spoilt.file.metadata["latent"] = latent;
    CHECK(spoilt.reason() == "expected a latent dimension of 0 to 4096, got '" + std::string(latent) + "'");
  }
  spoilt.file.metadata["latent"] = "2";
  CHECK(spoilt.reason() == "expected 'latents' of shape [2, systems], got [3, 4]");
  spoilt.file.tensors["latents"] = {{2, 0}, {}};
  CHECK(spoilt.reason() == "expected 'hyper.A' of shape [20, 2], got [20, 3]");
  spoilt.file.tensors.erase("latents");
  CHECK(spoilt.reason() == "expected an array 'latents', got none");
  spoilt.file.metadata.erase("latent");
  CHECK(spoilt.reason() == "expected metadata 'latent', got none");
  spoilt.file.metadata["format"] = "metriplex-model-4";
  CHECK(spoilt.reason() == "expected a model of format 'metriplex-model-3', got 'metriplex-model-4'");
  spoilt.file.metadata.clear();
  CHECK(spoilt.reason() == "expected a model of format 'metriplex-model-3', got ''");
}

TEST_CASE("a file of format 1 is read where it means the same", "[io][model_file]") {
  Spoilt old;
  old.file.metadata["format"] = "metriplex-model-1";
  old.file.metadata.erase("checksum");
  for (const char* name : {"scaling.rate_scale", "scaling.rate_error"}) old.file.tensors.erase(name);
  write_safetensors(old.path, old.file);
  const Stored model = load_model<Stored>(old.path);
  const auto& scaling = model.scaling();
  CHECK(scaling.rate_scale[0] == scaling.energy * scaling.inverse_scale[1]);
  CHECK(scaling.rate_scale[1] == scaling.energy * scaling.inverse_scale[0]);
  CHECK(scaling.rate_error == Vector<double, 2>(0, 0));
}

TEST_CASE("a file of format 2, which had no checksum, is read to the bit", "[io][model_file]") {
  Stored model = load_model<Stored>(METRIPLEX_TEST_DIR "/io/format_2.safetensors");
  double next = 0;  // its numbers are 1/64, 2/64, ..., array by array and row by row
  for (const auto& view : detail::named_views(model))
    for (Index i = 0; i < view.rows; ++i)
      for (Index j = 0; j < view.columns; ++j)
        if (view.data[i + j * view.leading] != ++next / 64) FAIL(view.name << " " << i << " " << j);
  CHECK(model.latents().cols() == 4);
}

TEST_CASE("a model's file tells whether it is as it was written", "[io][model_file]") {
  Spoilt spoilt;
  CHECK(intact(spoilt.file) == Intact::yes);
  CHECK(spoilt.file.metadata.at("version") == std::to_string(METRIPLEX_VERSION_MAJOR) + "." +
                                                  std::to_string(METRIPLEX_VERSION_MINOR) + "." +
                                                  std::to_string(METRIPLEX_VERSION_PATCH));
  const TensorFile whole = spoilt.file;
  const auto notices = [&](auto&& change) {
    spoilt.file = whole;
    change(spoilt.file);
    write_safetensors(spoilt.path, spoilt.file);
    return one_line_with(error_text([&] { load_model<Stored>(spoilt.path); }), "expected the checksum '");
  };
  CHECK(notices([](TensorFile& file) { file.tensors["hyper.c"].values[3] += 1e-16; }));
  CHECK(notices([](TensorFile& file) { std::swap(file.tensors["H.1.U"], file.tensors["H.1.V"]); }));
  CHECK(notices([](TensorFile& file) { file.metadata["note"] = "another"; }));
  CHECK(notices([](TensorFile& file) { file.metadata["format"] = "metriplex-model-2"; }));
  CHECK(notices([](TensorFile& file) { file.metadata["checksum"][0] ^= 1; }));
  spoilt.file = whole;
  spoilt.file.metadata.erase("checksum");
  CHECK(intact(spoilt.file) == Intact::untold);
  CHECK(spoilt.reason() == "expected metadata 'checksum', got none");
}

TEST_CASE("sizes that a file could not fill allocate nothing", "[io][model_file]") {
  Spoilt spoilt;
  spoilt.file.metadata["latent"] = "4096";
  spoilt.file.tensors["latents"] = {{4096, 0}, {}};
  CHECK(
      one_line_with(spoilt.reason(), "expected 81940 numbers for a hypernetwork of 4096 latent dimensions"));
  spoilt.file.metadata["latent"] = "0";
  spoilt.file.tensors["latents"] = {{0, Index{1} << 62}, {}};
  CHECK(spoilt.reason() == "expected 'latents' of shape [0, systems], got [0, 4611686018427387904]");
  spoilt.file.tensors["latents"].shape = {0, 4};
  CHECK(spoilt.reason() == "expected a latent dimension of 1 or more, got 0");
}

TEST_CASE("missing, unknown, misshapen and undefined arrays of a model are named", "[io][model_file]") {
  {
    Spoilt spoilt;
    spoilt.file.tensors.erase("H.1.W");
    CHECK(spoilt.reason() == "expected an array 'H.1.W', got none");
  }
  {
    Spoilt spoilt;
    spoilt.file.tensors["extra"] = {{1}, {0.0}};
    CHECK(spoilt.reason() == "expected no further arrays, got 'extra'");
  }
  {
    Spoilt spoilt;
    spoilt.file.tensors["H.1.b"].shape = {1, 5};
    CHECK(spoilt.reason() == "expected 'H.1.b' of shape [5, 1], got [1, 5]");
  }
  {
    Spoilt spoilt;
    spoilt.file.tensors["latents"].shape = {12};
    CHECK(spoilt.reason() == "expected 'latents' of shape [3, systems], got [12]");
  }
  {
    Spoilt spoilt;
    Tensor& array = spoilt.file.tensors["scaling.mean"];
    array.values = {0, 0};
    array.dtype = Dtype::float32;
    CHECK(spoilt.reason() == "expected 'scaling.mean' as float64, got float32");
  }
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), -2e100}) {
    Spoilt spoilt;
    spoilt.file.tensors["hyper.c"].values[3] = bad;
    CHECK(spoilt.reason() ==
          "expected numbers of magnitude 1e+100 at most, got " + number_text(bad) + " in 'hyper.c'");
  }
}

TEST_CASE("a model that cannot be written leaves the old file", "[io][model_file]") {
  const TemporaryDirectory directory;
  const Stored model = random_model<Stored>(5);
  save_model(directory / "m", model);
  CHECK(!error_text([&] { save_model(directory / "none" / "m", model); }).empty());
  CHECK(!error_text([&] { save_model(directory / "m", model, {{"note", "\xff"}}); }).empty());
  CHECK((load_model<Stored>(directory / "m").parameters() == model.parameters()));
  CHECK(directory.entries() == 1);
}
