#include "daemon/metrics/text_sink.h"

#include <gtest/gtest.h>

namespace mqueue::metrics {
namespace {

constexpr char kPrometheus242[] =
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

class TextSinkTest : public ::testing::Test {
 protected:
  void Take(std::uint64_t queues = 0) { sink_.Take({.namespaces = {{.queues = queues}}}); }
  // The format of the answer, told from its end.
  Format FormatOf(std::string_view accept) {
    return sink_.Answer(accept).body->bytes().ends_with("# EOF\n") ? Format::kOpenMetrics : Format::kText;
  }

  TextSink sink_{std::make_shared<ExporterMetrics>(BuildInfo{}), {}};
};

TEST_F(TextSinkTest, NothingIsThereBeforeTheFirstRound) { EXPECT_EQ(sink_.Answer("").body, nullptr); }

TEST_F(TextSinkTest, PrometheusGetsOpenMetrics) {
  Take();
  EXPECT_EQ(FormatOf(kPrometheus242), Format::kOpenMetrics);
  EXPECT_EQ(sink_.Answer(kPrometheus242).content_type, "application/openmetrics-text; version=1.0.0; charset=utf-8");
}

TEST_F(TextSinkTest, ClientThatAcceptsAnythingGetsText) {
  Take();
  EXPECT_EQ(FormatOf(""), Format::kText);
  EXPECT_EQ(FormatOf("*/*"), Format::kText);
  EXPECT_EQ(sink_.Answer("").content_type, "text/plain; version=0.0.4; charset=utf-8");
}

TEST_F(TextSinkTest, ClientThatAcceptsNeitherGetsText) {
  Take();
  EXPECT_EQ(FormatOf("image/png"), Format::kText);
}

TEST_F(TextSinkTest, QualityDecides) {
  Take();
  EXPECT_EQ(FormatOf("application/openmetrics-text;q=0.1, text/plain;q=0.9"), Format::kText);
  EXPECT_EQ(FormatOf("text/plain;q=0, application/openmetrics-text;q=0.1"), Format::kOpenMetrics);
}

TEST_F(TextSinkTest, NewRoundReplacesTheOldAndAResponseKeepsItsOwn) {
  constexpr char kSeries[] = "mqueue_namespace_queues{ipc=\"posix\",ipc_namespace=\"0\"} ";
  Take(1);
  const auto sending = sink_.Answer("").body;
  Take(2);
  EXPECT_TRUE(sink_.Answer("").body->bytes().contains(std::string(kSeries) + "2\n"));
  EXPECT_TRUE(sending->bytes().contains(std::string(kSeries) + "1\n"));
}

}  // namespace
}  // namespace mqueue::metrics
