// Queues with telling behaviour, for a look at the exporter: makes them, keeps messages moving and removes them on
// SIGINT, SIGTERM or SIGHUP. With --remove it only removes what a killed run has left. With --elsewhere it has one
// queue in an IPC namespace of its own, as a container would; that ends with it.

#include <sched.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <string_view>
#include <utility>
#include <vector>

#include "test/demo/actor.h"
#include "test/demo/behaviour.h"

namespace mqueue::demo {
namespace {

// Blocked, so that they can be waited for.
sigset_t BlockEndingSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

bool EndsWithinTick(const sigset_t& signals) {
  const timespec tick{.tv_sec = 0, .tv_nsec = std::chrono::nanoseconds(kTick).count()};
  return sigtimedwait(&signals, nullptr, &tick) > 0;
}

std::vector<Actor> StartAll(const std::vector<Behaviour>& behaviours) {
  std::vector<Actor> actors;
  for (const Behaviour& behaviour : behaviours) {
    auto actor = Actor::Start(behaviour);
    if (!actor) {
      std::fprintf(stderr, "%s\n", actor.error().c_str());
      return {};
    }
    actors.push_back(std::move(*actor));
  }
  return actors;
}

// One line a queue, and an empty one when all are there with their first messages.
void Announce(const std::vector<Behaviour>& behaviours) {
  for (const Behaviour& behaviour : behaviours) {
    std::printf("%-25s %s\n", DisplayName(behaviour).c_str(), behaviour.shows.c_str());
  }
  std::printf("\n");
  std::fflush(stdout);
}

void ActAll(std::vector<Actor>& actors, std::uint64_t tick) {
  for (Actor& actor : actors) actor.Act(tick);
}

int Run(const std::vector<Behaviour>& behaviours) {
  const sigset_t signals = BlockEndingSignals();
  std::vector<Actor> actors = StartAll(behaviours);
  if (actors.empty()) return 1;
  std::uint64_t tick = 0;
  ActAll(actors, tick);
  Announce(behaviours);
  while (!EndsWithinTick(signals)) ActAll(actors, ++tick);
  return 0;
}

int RunElsewhere() {
  if (::unshare(CLONE_NEWIPC) != 0) {
    std::perror("unshare(CLONE_NEWIPC)");
    return 1;
  }
  auto behaviours = Behaviours();
  std::erase_if(behaviours, [](const Behaviour& b) { return DisplayName(b) != "/mqueue-demo-starved"; });
  for (Behaviour& behaviour : behaviours) behaviour.shows += ", in an IPC namespace of its own";
  return Run(behaviours);
}

int Remove() {
  for (const Behaviour& behaviour : Behaviours()) RemoveQueue(behaviour);
  return 0;
}

int Usage() {
  std::fprintf(stderr, "usage: traffic [--remove | --elsewhere]\n");
  return 2;
}

}  // namespace
}  // namespace mqueue::demo

int main(int argc, char** argv) {
  if (argc == 1) return mqueue::demo::Run(mqueue::demo::Behaviours());
  if (argc == 2 && std::string_view(argv[1]) == "--remove") return mqueue::demo::Remove();
  if (argc == 2 && std::string_view(argv[1]) == "--elsewhere") return mqueue::demo::RunElsewhere();
  return mqueue::demo::Usage();
}
