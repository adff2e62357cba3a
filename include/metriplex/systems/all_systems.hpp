#pragma once

#include "metriplex/systems/benchmark_systems.hpp"
#include "metriplex/systems/cart_pole.hpp"
#include "metriplex/systems/damped_pendulum.hpp"
#include "metriplex/systems/double_pendulum.hpp"
#include "metriplex/systems/forced_duffing.hpp"
#include "metriplex/systems/fput_chain.hpp"
#include "metriplex/systems/glycolytic.hpp"
#include "metriplex/systems/heavy_top.hpp"
#include "metriplex/systems/henon_heiles.hpp"
#include "metriplex/systems/lotka_volterra.hpp"
#include "metriplex/systems/parametric_pendulum.hpp"
#include "metriplex/systems/planar_bodies.hpp"
#include "metriplex/systems/rigid_body.hpp"
#include "metriplex/systems/satellite.hpp"
#include "metriplex/systems/thermoelastic_double_pendulum.hpp"

namespace metriplex {

/// Lists every system that there is, for drivers; the benchmarks run on the first five.
using AllSystems =
    SystemList<MassSpring, Pendulum, Duffing, Dno, Tgc, ThermoelasticDoublePendulum, DampedPendulum,
               DoublePendulum, HenonHeiles, FputChain<8>, FputChain<32>, RigidBody, HeavyTop, LotkaVolterra,
               Glycolytic, ForcedDuffing, CartPole, Satellite, TwoBodies, ThreeBodies, ParametricPendulum>;

}  // namespace metriplex
