#include "daemon/publication.h"

#include <gtest/gtest.h>

namespace mqueue {
namespace {

constexpr char kPrometheus242[] =
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

class PublicationTest : public ::testing::Test {
 protected:
  void Publish() {
    publication_.Publish(metrics::Format::kText, "text");
    publication_.Publish(metrics::Format::kOpenMetrics, "open metrics");
  }
  std::string_view Answer(std::string_view accept) { return publication_.Answer(accept).body->bytes(); }

  Publication publication_;
};

TEST_F(PublicationTest, NothingIsThereBeforeTheFirstRound) { EXPECT_EQ(publication_.Answer("").body, nullptr); }

TEST_F(PublicationTest, PrometheusGetsOpenMetrics) {
  Publish();
  EXPECT_EQ(Answer(kPrometheus242), "open metrics");
  EXPECT_EQ(publication_.Answer(kPrometheus242).content_type,
            "application/openmetrics-text; version=1.0.0; charset=utf-8");
}

TEST_F(PublicationTest, WhoeverAsksForNothingOrForAnythingGetsText) {
  Publish();
  EXPECT_EQ(Answer(""), "text");
  EXPECT_EQ(Answer("*/*"), "text");
  EXPECT_EQ(publication_.Answer("").content_type, "text/plain; version=0.0.4; charset=utf-8");
}

TEST_F(PublicationTest, WhoeverAcceptsNeitherGetsTextAllTheSame) {
  Publish();
  EXPECT_EQ(Answer("image/png"), "text");
}

TEST_F(PublicationTest, QualityDecides) {
  Publish();
  EXPECT_EQ(Answer("application/openmetrics-text;q=0.1, text/plain;q=0.9"), "text");
  EXPECT_EQ(Answer("text/plain;q=0, application/openmetrics-text;q=0.1"), "open metrics");
}

TEST_F(PublicationTest, NewTextReplacesTheOldAndAResponseKeepsItsOwn) {
  Publish();
  const auto sending = publication_.Answer("").body;
  publication_.Publish(metrics::Format::kText, "newer");
  EXPECT_EQ(Answer(""), "newer");
  EXPECT_EQ(sending->bytes(), "text");
}

}  // namespace
}  // namespace mqueue
