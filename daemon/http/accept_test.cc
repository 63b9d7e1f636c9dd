#include "daemon/http/accept.h"

#include <gtest/gtest.h>

#include <string>

namespace mqueue::http {
namespace {

// Rows of the table that ParseAccept makes of a field, as text.
std::string Parsed(std::string_view field) {
  std::string text;
  for (const AcceptItem& item : ParseAccept(field)) {
    text.append(item.value);
    for (const auto& [name, value] : item.parameters) text.append(";").append(name).append("=").append(value);
    text += " " + std::to_string(item.quality) + "\n";
  }
  return text;
}

TEST(AcceptTest, ElementsKeepTheirOrderParametersAndQuality) {
  EXPECT_EQ(Parsed("application/openmetrics-text;version=1.0.0;charset=utf-8;q=0.8, text/plain ; q=0.25,*/*;q=0"),
            "application/openmetrics-text;version=1.0.0;charset=utf-8 800\ntext/plain 250\n*/* 0\n");
}

TEST(AcceptTest, AnAbsentQualityIsTheHighest) { EXPECT_EQ(Parsed("gzip"), "gzip 1000\n"); }

TEST(AcceptTest, QualityHasUpToThreeDecimalsAndAnyCase) {
  EXPECT_EQ(Parsed("a;Q=1, b;q=1.000, c;q=0.001, d;q=0., e;q=\"0.5\""), "a 1000\nb 1000\nc 1\nd 0\ne 500\n");
}

TEST(AcceptTest, AnElementWithABrokenQualityIsLeftOut) {
  EXPECT_EQ(Parsed("a;q=, b;q=2, c;q=1.001, d;q=-1, e;q=0.0001, f;q=0,5, g;q=x, h;q=.5, i;q, j"),
            "f 0\n5 1000\nj 1000\n");
}

TEST(AcceptTest, EmptyElementsAndSpacesAreNothing) {
  EXPECT_EQ(Parsed(""), "");
  EXPECT_EQ(Parsed(" , ,\t,;q=1,;;;"), "");
  EXPECT_EQ(Parsed(",,gzip,,"), "gzip 1000\n");
}

TEST(AcceptTest, QuotedStringsHideSeparators) {
  EXPECT_EQ(Parsed("a;t=\"x,y;z\\\",\";q=0.5,b"), "a;t=x,y;z\\\", 500\nb 1000\n");
}

TEST(AcceptTest, AQuoteThatIsNeverClosedReachesToTheEnd) { EXPECT_EQ(Parsed("a;t=\"x,b;q=0"), "a;t=\"x,b;q=0 1000\n"); }

TEST(AcceptTest, ABackslashAtTheEndOfAQuoteIsNotReadBeyond) { EXPECT_EQ(Parsed("a;t=\"\\"), "a;t=\"\\ 1000\n"); }

TEST(AcceptTest, QuotesAreTakenOffOnlyInPairs) {
  EXPECT_EQ(Parsed("a;t=\"\";u=\"x\";v=\";w=1"), "a;t=;u=x;v=\";w=1 1000\n");
  EXPECT_EQ(Parsed("a;t=\"x;u=y\"z"), "a;t=\"x;u=y\"z 1000\n");
  EXPECT_EQ(Parsed("a;t=x\\;u=y"), "a;t=x\\;u=y 1000\n");
}

TEST(AcceptTest, EveryDecimalOfAQualityCounts) {
  EXPECT_EQ(Parsed("a;q=0.123, b;q=0.9, c;q=0.09, d;q=0.009, e;q=1.0, f;q=0"),
            "a 123\nb 900\nc 90\nd 9\ne 1000\nf 0\n");
}

TEST(AcceptTest, QualityOfAnotherFormIsBroken) {
  EXPECT_EQ(Parsed("a;q=00, b;q=0x1, c;q=0.:, d;q=0./, e;q=10, f;q=1.1, g;q=1.000000"), "");
}

TEST(PrefersGzipTest, OnlyWhenAskedFor) {
  EXPECT_FALSE(PrefersGzip(""));
  EXPECT_FALSE(PrefersGzip("deflate, br"));
  EXPECT_TRUE(PrefersGzip("gzip"));
  EXPECT_TRUE(PrefersGzip("deflate, GZIP;q=0.1"));
  EXPECT_TRUE(PrefersGzip("x-gzip"));
}

TEST(PrefersGzipTest, QualityZeroForbids) {
  EXPECT_FALSE(PrefersGzip("gzip;q=0"));
  EXPECT_FALSE(PrefersGzip("gzip;q=0, *"));
  EXPECT_FALSE(PrefersGzip("*;q=0"));
}

TEST(PrefersGzipTest, TheStarStandsForWhatIsNotNamed) {
  EXPECT_TRUE(PrefersGzip("*"));
  EXPECT_TRUE(PrefersGzip("identity;q=0.5, *"));
  EXPECT_TRUE(PrefersGzip("identity;q=0, gzip;q=0.1"));
}

TEST(PrefersGzipTest, OfTwoNamesOfGzipTheUsualOneDecides) {
  EXPECT_FALSE(PrefersGzip("x-gzip, gzip;q=0"));
  EXPECT_TRUE(PrefersGzip("x-gzip;q=0, gzip"));
  EXPECT_FALSE(PrefersGzip("*, x-gzip;q=0"));
}

TEST(PrefersGzipTest, IdentityMayBePreferred) {
  EXPECT_TRUE(PrefersGzip("gzip;q=0.5, identity;q=0.5"));
  EXPECT_FALSE(PrefersGzip("gzip;q=0, identity;q=0"));
  EXPECT_TRUE(PrefersGzip("gzip;q=0.001"));
  EXPECT_FALSE(PrefersGzip("gzip;q=0.5, identity"));
  EXPECT_TRUE(PrefersGzip("gzip, identity"));
}

class ChooseMediaTypeTest : public testing::Test {
 protected:
  static constexpr std::size_t kText = 0;
  static constexpr std::size_t kOpenMetrics = 1;

  std::optional<std::size_t> Choose(std::string_view accept) { return ChooseMediaType(accept, offers_); }

 private:
  const std::vector<MediaType> offers_ = {
      {"text/plain", {{"version", "0.0.4"}, {"charset", "utf-8"}}},
      {"application/openmetrics-text", {{"version", "1.0.0"}, {"charset", "utf-8"}}},
  };
};

TEST_F(ChooseMediaTypeTest, AmongEqualsTheFirstOffer) {
  EXPECT_EQ(Choose(""), kText);
  EXPECT_EQ(Choose("*/*"), kText);
  EXPECT_EQ(Choose("application/openmetrics-text, text/plain"), kText);
}

TEST_F(ChooseMediaTypeTest, WhatPrometheusSendsGetsOpenMetrics) {
  EXPECT_EQ(Choose("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                   "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"),
            kOpenMetrics);
  EXPECT_EQ(Choose("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;q=0.2"),
            kOpenMetrics);
}

TEST_F(ChooseMediaTypeTest, AnotherVersionIsNotAccepted) {
  EXPECT_EQ(Choose("application/openmetrics-text;version=0.0.1"), std::nullopt);
  EXPECT_EQ(Choose("application/openmetrics-text;version=2.0.0, text/plain;q=0.1"), kText);
}

TEST_F(ChooseMediaTypeTest, TheMostSpecificElementDecides) {
  EXPECT_EQ(Choose("*/*, text/plain;q=0.1"), kOpenMetrics);
  EXPECT_EQ(Choose("text/*;q=0.9, */*;q=0.5, text/plain;q=0.4"), kOpenMetrics);
  EXPECT_EQ(Choose("text/plain, text/plain;version=0.0.4;q=0, */*;q=0.1"), kOpenMetrics);
}

TEST_F(ChooseMediaTypeTest, RefusedOffersAreNotChosen) {
  EXPECT_EQ(Choose("text/html"), std::nullopt);
  EXPECT_EQ(Choose("*/*;q=0"), std::nullopt);
  EXPECT_EQ(Choose("text/plain;q=0, */*"), kOpenMetrics);
}

TEST_F(ChooseMediaTypeTest, OfTwoElementsThatAreEquallySpecificTheFirstDecides) {
  EXPECT_EQ(Choose("text/plain;q=0.1, text/plain;q=0.9, application/openmetrics-text;q=0.5"), kOpenMetrics);
  EXPECT_EQ(Choose("*/*;q=0, */*"), std::nullopt);
}

TEST_F(ChooseMediaTypeTest, EveryParameterInCommonMakesAnElementMoreSpecific) {
  EXPECT_EQ(Choose("text/plain;version=0.0.4;q=0.9, text/plain;version=0.0.4;charset=utf-8;q=0.1, "
                   "application/openmetrics-text;q=0.5"),
            kOpenMetrics);
  EXPECT_EQ(Choose("text/plain;Version=0.0.4;Charset=UTF-8"), kText);
  EXPECT_EQ(Choose("text/plain;charset=latin1"), std::nullopt);
}

TEST_F(ChooseMediaTypeTest, StarAloneIsEverything) {
  EXPECT_EQ(Choose("*"), kText);
  EXPECT_EQ(Choose("*;q=0.1, text/plain;q=0"), kOpenMetrics);
}

TEST_F(ChooseMediaTypeTest, StarOfOneKindSpeaksOfThatKind) {
  EXPECT_EQ(Choose("application/*"), kOpenMetrics);
  EXPECT_EQ(Choose("TEXT/*;q=0.1"), kText);
  EXPECT_EQ(Choose("tex/*"), std::nullopt);
  EXPECT_EQ(Choose("text/plain;q=0.1, text/*;q=0.9, application/openmetrics-text;q=0.5"), kOpenMetrics);
}

TEST_F(ChooseMediaTypeTest, TypesHaveNoCase) { EXPECT_EQ(Choose("Application/OpenMetrics-Text"), kOpenMetrics); }

}  // namespace
}  // namespace mqueue::http
