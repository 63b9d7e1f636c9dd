#include "daemon/metrics/exporter_metrics.h"

#include <gtest/gtest.h>

#include <thread>

#include "daemon/metrics/metric_family_writer.h"

namespace mqueue::metrics {
namespace {

std::string Text(const ExporterMetrics& metrics) {
  std::string text;
  ExpositionWriter writer(Format::kText, text);
  WriteMetricFamilies(metrics.Collect(), writer);
  return text;
}

bool Has(const ExporterMetrics& metrics, std::string_view line) {
  return Text(metrics).find("\n" + std::string(line) + "\n") != std::string::npos;
}

bool Knows(const ExporterMetrics& metrics, std::string_view name) { return Text(metrics).contains(name); }

TEST(ExporterMetrics, BuildInfoSaysWhatWasBuilt) {
  const ExporterMetrics metrics({.version = "1.2.3", .revision = "abc", .compiler = "g++ 12"});
  EXPECT_TRUE(Has(metrics, R"(mqueue_exporter_build_info{compiler="g++ 12",revision="abc",version="1.2.3"} 1)"));
}

TEST(ExporterMetrics, EveryReasonStandsAtZeroBeforeTheFirstRound) {
  const ExporterMetrics metrics({});
  for (const char* reason : {"permission", "gone", "descriptors", "memory", "unsupported", "uncopied", "other"}) {
    EXPECT_TRUE(Has(metrics, std::string("mqueue_exporter_look_errors_total{reason=\"") + reason + "\"} 0")) << reason;
  }
  for (const char* reason : {"discovery", "looks", "rendering"}) {
    EXPECT_TRUE(Has(metrics, std::string("mqueue_exporter_rounds_abandoned_total{reason=\"") + reason + "\"} 0"))
        << reason;
  }
  EXPECT_TRUE(Has(metrics, "mqueue_exporter_looks_total 0"));
}

TEST(ExporterMetrics, WhatHasNotHappenedHasNoTime) {
  const ExporterMetrics metrics({});
  EXPECT_FALSE(Knows(metrics, "mqueue_exporter_last_round_timestamp_seconds"));
  EXPECT_FALSE(Knows(metrics, "mqueue_exporter_config_last_reload"));
}

TEST(ExporterMetrics, RoundSetsGaugesAndAddsToCounters) {
  ExporterMetrics metrics({});
  const RoundReport report{.finished = {.realtime = std::chrono::milliseconds(1'763'697'720'500)},
                           .duration = std::chrono::milliseconds(20),
                           .queues = {{Ipc::kSysv, 4}},
                           .excluded = 2,
                           .beyond_walk = 9,
                           .over_budget = 1,
                           .late = 6,
                           .looks = 5,
                           .errors = {{LookErrorReason::kPermission, 3}},
                           .abandoned = {{AbandonReason::kDiscovery, 2}}};
  metrics.RoundDone(report);
  metrics.RoundDone(report);
  EXPECT_TRUE(Has(metrics, R"(mqueue_exporter_queues{ipc="posix"} 0)"));
  EXPECT_TRUE(Has(metrics, R"(mqueue_exporter_queues{ipc="sysv"} 4)"));
  EXPECT_TRUE(Has(metrics, R"(mqueue_exporter_queues_skipped{reason="excluded"} 2)"));
  EXPECT_TRUE(Has(metrics, R"(mqueue_exporter_queues_skipped{reason="budget"} 1)"));
  EXPECT_TRUE(Has(metrics, R"(mqueue_exporter_queues_skipped{reason="walk_limit"} 9)"));
  EXPECT_TRUE(Has(metrics, R"(mqueue_exporter_queues_skipped{reason="late"} 6)"));
  EXPECT_TRUE(Has(metrics, R"(mqueue_exporter_rounds_abandoned_total{reason="discovery"} 4)"));
  EXPECT_TRUE(Has(metrics, R"(mqueue_exporter_look_errors_total{reason="permission"} 6)"));
  EXPECT_TRUE(Has(metrics, "mqueue_exporter_looks_total 10"));
  EXPECT_TRUE(Has(metrics, "mqueue_exporter_round_duration_seconds 0.02"));
  EXPECT_TRUE(Has(metrics, "mqueue_exporter_last_round_timestamp_seconds 1763697720.5"));
}

TEST(ExporterMetrics, QueuesOfAKindThatAreGoneFallBackToZero) {
  ExporterMetrics metrics({});
  metrics.RoundDone({.queues = {{Ipc::kPosix, 4}}});
  metrics.RoundDone({});
  EXPECT_TRUE(Has(metrics, R"(mqueue_exporter_queues{ipc="posix"} 0)"));
}

TEST(ExporterMetrics, OmissionsAreShown) {
  ExporterMetrics metrics({});
  metrics.SetOmitted(7, 9);
  EXPECT_TRUE(Has(metrics, R"(mqueue_exporter_queues_skipped{reason="limit"} 7)"));
  EXPECT_TRUE(Has(metrics, "mqueue_exporter_series_dropped 9"));
}

TEST(ExporterMetrics, ReaderSupportIsShown) {
  ExporterMetrics metrics({});
  metrics.SetReaderSupported(ReaderKind::kAttr, true);
  metrics.SetReaderSupported(ReaderKind::kMsgCopy, false);
  EXPECT_TRUE(Has(metrics, R"(mqueue_exporter_reader_supported{reader="attr"} 1)"));
  EXPECT_TRUE(Has(metrics, R"(mqueue_exporter_reader_supported{reader="msg_copy"} 0)"));
}

TEST(ExporterMetrics, WebReloadIsToldOnlyWithAWebConfiguration) {
  ExporterMetrics metrics({});
  EXPECT_FALSE(Knows(metrics, "mqueue_exporter_web_config_last_reload_successful"));
  metrics.WebReloadDone(true);
  EXPECT_TRUE(Has(metrics, "mqueue_exporter_web_config_last_reload_successful 1"));
  metrics.WebReloadDone(false);
  EXPECT_TRUE(Has(metrics, "mqueue_exporter_web_config_last_reload_successful 0"));
}

TEST(ExporterMetrics, FailedReloadLeavesTheTimeOfTheLastGoodOne) {
  ExporterMetrics metrics({});
  metrics.ReloadDone(true, std::chrono::seconds(100));
  metrics.ReloadDone(false, std::chrono::seconds(200));
  EXPECT_TRUE(Has(metrics, "mqueue_exporter_config_last_reload_successful 0"));
  EXPECT_TRUE(Has(metrics, "mqueue_exporter_config_last_reload_success_timestamp_seconds 100"));
}

TEST(ExporterMetrics, ConnectionsThatTheLimitOfOpenFilesLowersAreReported) {
  ExporterMetrics metrics({});
  EXPECT_TRUE(Has(metrics, "mqueue_exporter_descriptors_limit_connections 0"));
  metrics.SetConnectionsLimited(true);
  EXPECT_TRUE(Has(metrics, "mqueue_exporter_descriptors_limit_connections 1"));
  metrics.SetConnectionsLimited(false);
  EXPECT_TRUE(Has(metrics, "mqueue_exporter_descriptors_limit_connections 0"));
}

TEST(ExporterMetrics, RequestsAreCountedByHandlerAndCode) {
  ExporterMetrics metrics({});
  metrics.RequestServed("metrics", 200);
  metrics.RequestServed("metrics", 200);
  metrics.RequestServed("reload", 500);
  EXPECT_TRUE(Has(metrics, R"(mqueue_exporter_http_requests_total{code="200",handler="metrics"} 2)"));
  EXPECT_TRUE(Has(metrics, R"(mqueue_exporter_http_requests_total{code="500",handler="reload"} 1)"));
}

TEST(ExporterMetrics, DroppedLogLinesStandAtZeroAndFollowTheLog) {
  ExporterMetrics metrics({});
  EXPECT_TRUE(Has(metrics, "mqueue_exporter_log_lines_dropped_total 0"));
  for (const std::uint64_t lines : {3U, 3U, 10U}) metrics.SetLogLinesDropped(lines);
  EXPECT_TRUE(Has(metrics, "mqueue_exporter_log_lines_dropped_total 10"));
}

TEST(ExporterMetrics, RequestsMayBeCountedWhileAnotherThreadCollects) {
  constexpr int kRequests = 5000;
  ExporterMetrics metrics({});
  std::thread server([&] {
    for (int i = 0; i < kRequests; ++i) metrics.RequestServed("metrics", 200 + i % 3);
  });
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(Text(metrics).empty());
  server.join();
  EXPECT_TRUE(Has(metrics, R"(mqueue_exporter_http_requests_total{code="202",handler="metrics"} 1666)"));
}

}  // namespace
}  // namespace mqueue::metrics
