#include "daemon/pipeline/pipeline.h"

#include <gtest/gtest.h>
#include <spdlog/sinks/null_sink.h>
#include <sys/ipc.h>
#include <sys/msg.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "daemon/os/clock.h"

namespace mqueue::pipeline {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::minutes kGiveUp{2};

// The test runs in an IPC namespace of its own: the SysV queues that it makes are all there are.
class PipelineTest : public ::testing::Test {
 protected:
  PipelineTest() { settings_.limits.max_queues = 7; }

  ~PipelineTest() override {
    for (const int msqid : queues_) ::msgctl(msqid, IPC_RMID, nullptr);
  }

  void MakeQueues(int count) {
    for (int i = 0; i < count; ++i) queues_.push_back(::msgget(IPC_PRIVATE, IPC_CREAT | 0600));
  }

  static Host WithoutBpf() { return FindHost({.mqueuefs = "/nonexistent", .load_bpf = false}); }

  settings::Settings settings_;
  std::vector<int> queues_;
  log::Log log_{log::Level::kError, log::Format::kLogfmt, std::make_shared<spdlog::sinks::null_sink_mt>()};
};

TEST_F(PipelineTest, RunOnceReadsEveryQueueOnTheCallingThread) {
  MakeQueues(300);
  // Of no budget for looks, which RunOnce ignores.
  settings_.peek.cpu_budget = 0;
  Pipeline pipeline(WithoutBpf(), settings_, os::Now, log_);
  std::vector<std::shared_ptr<const Round>> rounds;
  pipeline.OnRound([&](const auto& round) { rounds.push_back(round); });
  const auto round = pipeline.RunOnce();
  EXPECT_EQ(round->queues.size(), 300);
  EXPECT_EQ(round->report.looks, 300);
  EXPECT_EQ(round->report.queues.at(Ipc::kSysv), 300);
  EXPECT_EQ(round->settings.max_queues, 7);
  for (const auto& state : round->queues) EXPECT_TRUE(state->look);
  EXPECT_EQ(rounds, std::vector{round});
}

TEST_F(PipelineTest, EachRoundPassesTheSinksInTheirOrder) {
  MakeQueues(1);
  asio::io_context io;
  const Workers workers = Workers::Start().value();
  Pipeline pipeline(WithoutBpf(), settings_, os::Now, log_);
  std::vector<int> calls;
  pipeline.OnRound([&](const auto& round) { calls.push_back(static_cast<int>(round->queues.size())); });
  pipeline.OnRound([&](const auto&) {
    calls.push_back(-1);
    asio::post(io, [&] { io.stop(); });
  });
  pipeline.Start(io, workers, [] {});
  const auto guard = asio::make_work_guard(io);
  io.run_for(kGiveUp);
  pipeline.Stop();
  workers.Join();
  EXPECT_EQ(calls, (std::vector{1, -1}));
  EXPECT_EQ(pipeline.Stalled(), std::nullopt);
}

TEST_F(PipelineTest, ReplacedSettingsAreThoseOfTheNextRound) {
  asio::io_context io;
  const Workers workers = Workers::Start().value();
  Pipeline pipeline(WithoutBpf(), settings_, os::Now, log_);
  std::vector<std::size_t> limits;
  pipeline.OnRound([&](const auto& round) {
    asio::post(io, [&, round] {
      limits.push_back(round->settings.max_queues);
      if (limits.size() == 2) return io.stop();
      settings_.limits.max_queues = 8;
      pipeline.Replace(settings_);
    });
  });
  pipeline.Start(io, workers, [] {});
  const auto guard = asio::make_work_guard(io);
  io.run_for(kGiveUp);
  pipeline.Stop();
  workers.Join();
  EXPECT_EQ(limits, (std::vector<std::size_t>{7, 8}));
}

}  // namespace
}  // namespace mqueue::pipeline
