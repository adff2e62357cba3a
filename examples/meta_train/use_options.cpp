#include "use_options.hpp"

#include "../command_line.hpp"

namespace metriplex::driver {

int run_use(int argc, char** argv, const std::function<int(Use&)>& work) {
  Use use;
  CLI::App app("Uses a model that meta_train left: what it is, a new member from its recordings, motions.");
  app.require_subcommand(1);
  const auto subcommand = [&](const char* name, const char* meaning) {
    CLI::App* const command = app.add_subcommand(name, meaning);
    command->add_option("model", use.model, "model.safetensors of a run of meta_train")->required();
    return command;
  };
  const auto choose_member = [&](CLI::App* command) {
    auto* const latent =
        command
            ->add_option("--latent", use.latent,
                         "the member, as adapted.json tells it; by default the mean of the trained ones")
            ->delimiter(',');
    command->add_option("--member", use.member, "a member that it was trained on, from 1 on")
        ->transform(whole(Index{1}))
        ->excludes(latent);
  };
  CLI::App* const info = subcommand("info", "tells what a model is, and what it was trained on");
  info->add_option("--picture", use.out, "directory for a picture of a member's energy and field");
  choose_member(info);

  CLI::App* const adapt = subcommand(
      "adapt",
      "finds which members of the family recordings are of, and predicts their motions; also named "
      "predict");
  adapt->alias("predict");
  adapt
      ->add_option(
          "--data", use.data,
          "recordings of new members: .npz, .csv, MATLAB or HDF5, with rates or states alone (docs/data.md)")
      ->required();
  adapt->add_option("--time", use.names.time, "name of the times in the data")->capture_default_str();
  adapt->add_option("--states", use.names.states, "name of the states, or columns as q,p")
      ->capture_default_str();
  adapt->add_option("--rates", use.names.rates, "name of their rates; '' for none")->capture_default_str();
  adapt->add_option("--inputs", use.names.inputs, "name of the inputs, of a model that is driven")
      ->capture_default_str();
  adapt
      ->add_option("--inputs-between", use.between,
                   "what inputs do from sample to sample when motions are predicted: held, as computers put "
                   "them out, or "
                   "linear, as what changes smoothly does")
      ->check(CLI::IsMember({"held", "linear"}))
      ->capture_default_str();
  adapt->add_option("--member", use.names.member, "name of what tells the members apart")
      ->capture_default_str();
  adapt->add_option("--motion", use.names.motion, "name of what tells a member's motions apart")
      ->capture_default_str();
  adapt
      ->add_option("--noise", use.noise,
                   "deviation of the noise in each component; without it, it is estimated")
      ->delimiter(',')
      ->check(positive(true));
  adapt
      ->add_option("--until", use.until,
                   "how long motions are predicted, from their starts on; by default as long as recorded")
      ->check(positive());
  adapt->add_option("--out", use.out, "directory for adapted.json, predicted.csv and a picture")->required();

  CLI::App* const simulate = subcommand("simulate", "writes a motion of a member as a table, time first");
  simulate->add_option("--start", use.start, "initial state, as 1.2,0")->delimiter(',')->required();
  simulate->add_option("--until", use.until, "length of the motion")->check(positive())->required();
  simulate->add_option("--samples", use.samples, "of the motion, its start aside")
      ->transform(whole(Index{1}, Index{100'000'000}))
      ->capture_default_str();
  choose_member(simulate);
  simulate->add_option("--out", use.out, "file of the table")->required();

  return run_program(app, "metriplex", argc, argv, [&] {
    use.command = app.get_subcommands()[0]->get_name();
    return work(use);
  });
}

}  // namespace metriplex::driver
