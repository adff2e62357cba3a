#include "options.hpp"

#include <algorithm>
#include <utility>

#include "../command_line.hpp"
#include "checkpoints.hpp"
#include "combination.hpp"
#include "metriplex/io/model_header.hpp"
#include "metriplex/systems/all_systems.hpp"
#include "metriplex/train/rollout_scheme.hpp"
#include "modulations.hpp"
#include "structures.hpp"

namespace metriplex::driver {

namespace {

/// Declares the options of the command line; parsing fills the request.
void declare_options(CLI::App& app, Request& request) {
  std::vector<std::string> systems;
  for_each_system([&]<class S>() { systems.emplace_back(S::name); }, AllSystems{});
  std::vector<std::string> structure_names, modulation_names;
  std::string meanings;
  for_each_part(structures::All{}, [&]<class S>() { structure_names.emplace_back(S::name); });
  for_each_part(modulations::All{}, [&]<class M>() {
    modulation_names.emplace_back(M::name);
    meanings += (meanings.empty() ? "" : ", ") + std::string(M::name) + " (" + std::string(M::meaning) + ")";
  });
  constexpr Index most = 1'000'000'000;
  app.footer(
      "A state is positions, then momenta (velocities for mechanical and lagrangian), then entropies or what "
      "is given (inputs u, the time t): q1 q2 p1 p2 S. What "
      "e_field, e_rates and e_traj are,\n"
      "and what to do when it does not learn: docs/troubleshooting.md. Structure, states, modulation, rank, "
      "scalar, width and\n"
      "depth are compiled in: a combination of them is built when it is first asked for, and kept.");

  const auto add = [&app](const char* group, const char* name, auto& value, const std::string& meaning) {
    return app.add_option(name, value, meaning)->group(group);
  };
  const char* const data = "Data (one of the first two, or both)";
  add(data, "--system", request.system,
      "a known system: its family is generated, its exact field is the measure")
      ->check(CLI::IsMember(systems));
  add(data, "--data", request.data,
      "recorded motions, an .npz, .csv, MATLAB or HDF5 file of times t, states X [members, motions, samples, "
      "dim], perhaps their rates dX, and perhaps mu [members, k] (docs/data.md tells what else); with "
      "--system "
      "its exact field is the measure");
  add(data, "--time", request.names.time, "name of the times in the data")->capture_default_str();
  add(data, "--states", request.names.states,
      "name of the states; several with commas between them are columns")
      ->capture_default_str();
  add(data, "--rates", request.names.rates, "name of their rates; '' for none")->capture_default_str();
  add(data, "--inputs", request.names.inputs, "name of the inputs, of a structure that is driven")
      ->capture_default_str();
  add(data, "--member", request.names.member, "name of what tells the members apart")->capture_default_str();
  add(data, "--motion", request.names.motion, "name of what tells the motions of a member apart")
      ->capture_default_str();
  add(data, "--noise", request.noise,
      "deviation of the noise in each component of the states; without it, it is estimated, "
      "or none where there are inputs, which bend motions as noise does")
      ->delimiter(',')
      ->check(positive(true));
  add(data, "--entropies", request.entropies,
      "with --data alone: how many components of the states, at their end, are entropies")
      ->transform(whole(0, 1000))
      ->capture_default_str();

  const char* const model = "Model";
  add(model, "--structure", request.structure,
      "what turns learned energies into motion, by what was measured (docs/structures.md); by default "
      "hamiltonian, and generic where there are entropies")
      ->check(CLI::IsMember(structure_names));
  add(model, "--angles", request.angles,
      "components that are angles in radians, as q or q1,q2: learned networks are the same a turn on, and "
      "recordings between -pi "
      "and pi are made to count turns")
      ->delimiter(',');
  add(model, "--modulation", request.modulation,
      "how a latent changes the network that all members share: " + meanings)
      ->check(CLI::IsMember(modulation_names))
      ->capture_default_str();
  add(model, "--rank", request.rank, "rank of mr and svd")->transform(whole(1, 1000))->capture_default_str();
  add(model, "--latent", request.latent, "dimensions of the latent")
      ->transform(whole(Index{1}, Index{4096}))
      ->capture_default_str();
  add(model, "--width", request.width,
      "units of each hidden layer of an energy; half as many in the one layer of other coefficients")
      ->transform(whole(2, 4096))
      ->capture_default_str();
  add(model, "--depth", request.depth, "hidden layers")->transform(whole(1, 100))->capture_default_str();
  add(model, "--scalar", request.scalar, "number type: double or float")
      ->check(CLI::IsMember({"f64", "f32"}))
      ->capture_default_str();

  const char* const training = "Training";
  add(training, "--steps", request.steps, "training steps")
      ->transform(whole(Index{1}, most))
      ->capture_default_str();
  add(training, "--batch", request.batch, "points of each system in a step")
      ->transform(whole(Index{1}, most))
      ->capture_default_str();
  add(training, "--optimizer", request.optimizer,
      "of the weights: soap (Adam in the eigenbases of each matrix's gradients), adam or sgd")
      ->check(CLI::IsMember({"soap", "adam", "sgd"}))
      ->capture_default_str();
  add(training, "--lr", request.rate,
      "learning rate of the weights; without it the optimizer's own, 0.02, 0.005 and 0.01")
      ->transform(positive());
  add(training, "--latent-lr", request.latent_rate, "learning rate of the latents")
      ->transform(positive())
      ->capture_default_str();
  add(training, "--seed", request.seed, "of the family, the first weights and the batches")
      ->transform(whole(std::uint64_t{0}))
      ->capture_default_str();

  add(training, "--loss", request.loss,
      "what the field is compared with: rates (measured ones), integral (states alone: integrals from sample "
      "to sample), rollout (likewise, but the field is integrated, not interpolated: for coarse samples); "
      "auto "
      "takes rates where there are any, else integral where samples tell motions well, else rollout")
      ->check(CLI::IsMember({"auto", "rates", "integral", "rollout"}))
      ->capture_default_str();
  std::vector<std::string> schemes;
  for (const RolloutSchemeTraits& scheme : rollout_schemes) schemes.emplace_back(scheme.name);
  add(training, "--rollout-scheme", request.rollout_scheme,
      "what rollouts integrate by; all but rk4 are symplectic, for models that will be stepped as coarsely "
      "as "
      "they were sampled (docs/data.md), and cost twice as much or more")
      ->check(CLI::IsMember(schemes))
      ->capture_default_str();
  add(training, "--rollout-steps", request.rollout_steps,
      "its steps from sample to sample; without it, as many as motions as smooth as the data's need")
      ->transform(whole(1, RolloutSchemeTraits::most_steps));

  const char* const adaptation = "Adaptation to unseen members, and measuring";
  add(adaptation, "--shots", request.shots,
      "measurements to adapt to an unseen member from, spread over its first trajectory; all, where that has "
      "fewer")
      ->transform(whole(Index{1}, most))
      ->capture_default_str();
  add(adaptation, "--adapt", request.adapt,
      "how to find an unseen member's latent: lm (least squares, Levenberg-Marquardt) or adam (gradient "
      "descent)")
      ->check(CLI::IsMember({"lm", "adam"}))
      ->capture_default_str();
  app.add_flag("--sweep", request.sweep,
               "also adapt from 1, 2, 3, 5, 10 and 50 measurements, by either way, and compare")
      ->group(adaptation);
  add(adaptation, "--long-run", request.long_run,
      "steps, four samples long each, to integrate the first unseen member for, by two schemes")
      ->transform(whole(Index{0}, most))
      ->capture_default_str();

  const char* const output = "Output";
  add(output, "--header", request.header,
      "also write the model as a header of constants, with this name as its namespace")
      ->check([](const std::string& name) {
        return is_identifier(name) ? std::string()
                                   : "expected an identifier that is no keyword, got " + quote(name);
      });
  add(output, "--out", request.out, "directory for the model, report.json, loss.csv and the pictures");
  app.add_flag("--overwrite", request.overwrite, "replace another run's results in that directory")
      ->group(output);
  add(output, "--checkpoint", request.checkpoint,
      "training steps after which is saved where training stands; the last two are kept")
      ->transform(whole(Index{1}, most))
      ->capture_default_str();
  add(output, "--resume", request.resume_from,
      "go on with the run in this directory, which was interrupted, to the same bits; its command line is "
      "that of then, but for a "
      "--data that has moved");
  const auto voice = [&](const char* name, Voice value, const char* meaning) {
    app.add_flag_callback(
           name, [&request, value] { request.voice = value; }, meaning)
        ->group(output);
  };
  voice("--quiet", Voice::quiet, "print nothing but warnings and errors");
  voice("--json-lines", Voice::json_lines,
        "print how training goes, and what it came to, as JSON, a line each");
}

/// Refuses options that were given where they mean nothing.
void refuse_idle_options(const CLI::App& app, const Request& request) {
  const auto refuse = [&](const char* option, bool idle, const std::string& reason) {
    require(!idle || app.count(option) == 0,
            [&] { return std::string("expected no ") + option + " " + reason + ", got one"; });
  };
  for_each_part(modulations::All{}, [&]<class M>() {
    refuse("--rank", M::name == request.modulation && !M::ranked,
           "with --modulation " + request.modulation + ", which has no choice of it");
  });
  for (const char* option : {"--time", "--states", "--rates", "--member", "--motion"})
    refuse(option, request.data.empty(), "without --data, whose arrays it names");
  refuse("--inputs", request.data.empty() || given_in(request) != Given::inputs,
         "without --data and a structure that is driven, whose inputs it names");
  refuse("--entropies", given_in(request) != Given::nothing,
         "with --structure " + request.structure + ", which has none");
  refuse("--entropies", !request.system.empty(), "with --system, which has as many as it has");
  for (const char* option : {"--latent", "--latent-lr", "--adapt", "--sweep"})
    refuse(option, request.modulation == "none", "with --modulation none, which has no latents");
}

/// Completes a request whose options are known to be right.
void complete(const CLI::App& app, Request& request) {
  refuse_idle_options(app, request);
  if (given_in(request) != Given::inputs) request.names.inputs.clear();
}

/// Finds out what an interrupted run was asked for.
Request request_of_run(const CLI::App& given, const Request& asked) {
  for (const CLI::Option* option : given.get_options())
    require(option->count() == 0 || option->check_lname("resume") || option->check_lname("data") ||
                option->check_lname("quiet") || option->check_lname("json-lines"),
            [&] {
              return "expected nothing beside --resume but --data, --quiet and --json-lines, got " +
                     option->get_name();
            });
  const Checkpoint checkpoint = newest_checkpoint(asked.resume_from, false);
  std::vector<std::string> arguments = arguments_of_run(checkpoint);
  Request request;
  request.arguments = arguments;
  CLI::App app;
  declare_options(app, request);
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
  app.parse(arguments);
  complete(app, request);
  const auto data = checkpoint.file.metadata.find("data");
  if (!request.data.empty() && data != checkpoint.file.metadata.end()) request.data = data->second;
  if (!asked.data.empty()) request.data = asked.data;
  request.out = asked.resume_from;
  request.voice = asked.voice;
  request.resume = true;
  return request;
}

}  // namespace

int run_driver(int argc, char** argv, const std::function<int(Request&)>& work) {
  Request request;
  CLI::App app(
      "Meta-trains a structure-preserving model on a family of systems and adapts it to unseen members.");
  declare_options(app, request);
  return run_program(app, "meta_train", argc, argv, [&] {
    request.arguments.assign(argv + 1, argv + argc);
    if (!request.resume_from.empty()) {
      Request resumed = request_of_run(app, request);
      return work(resumed);
    }
    if (request.out.empty()) throw CLI::RequiredError("--out");
    complete(app, request);
    return work(request);
  });
}

}  // namespace metriplex::driver
