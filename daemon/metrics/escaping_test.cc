#include "daemon/metrics/escaping.h"

#include <gtest/gtest.h>

namespace mqueue::metrics {
namespace {

std::string LabelValue(std::string_view value) {
  std::string text;
  AppendLabelValue(value, text);
  return text;
}

std::string Help(std::string_view help, Format format) {
  std::string text;
  AppendHelp(help, format, text);
  return text;
}

TEST(IsPlain, EveryByteIsJudgedAloneAndAmongOthers) {
  for (int byte = 0; byte < 256; ++byte) {
    const bool plain = byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
    for (std::size_t size = 1; size <= 17; ++size) {
      for (std::size_t at = 0; at < size; ++at) {
        for (const char filler : {' ', 'a', '!', '#', '~'}) {
          std::string text(size, filler);
          text[at] = static_cast<char>(byte);
          ASSERT_EQ(IsPlain(text), plain) << byte << " at " << at << " of " << size;
        }
      }
    }
  }
}

TEST(AppendLabelValue, PlainTextStays) { EXPECT_EQ(LabelValue("/orders-1 {}=,#"), "/orders-1 {}=,#"); }

TEST(AppendLabelValue, QuoteBackslashAndNewlineAreEscaped) {
  EXPECT_EQ(LabelValue("a\"b\\c\nd"), "a\\\"b\\\\c\\nd");
  EXPECT_EQ(LabelValue("\n"), "\\n");
  EXPECT_EQ(LabelValue("\\"), "\\\\");
}

TEST(AppendLabelValue, CharactersBeyondAsciiStay) { EXPECT_EQ(LabelValue("\xE2\x82\xAC\""), "\xE2\x82\xAC\\\""); }

TEST(AppendLabelValue, InvalidBytesBecomeAnEscapedHexText) { EXPECT_EQ(LabelValue("a\xFF"), "a\\\\xff"); }

TEST(AppendHelp, QuoteIsEscapedInOpenMetricsOnly) {
  EXPECT_EQ(Help("say \"x\"", Format::kText), "say \"x\"");
  EXPECT_EQ(Help("say \"x\"", Format::kOpenMetrics), "say \\\"x\\\"");
}

TEST(AppendHelp, BackslashAndNewlineAreEscapedInBoth) {
  for (const Format format : kFormats) EXPECT_EQ(Help("a\\b\nc", format), "a\\\\b\\nc");
}

TEST(AppendHelp, InvalidBytesBecomeHex) { EXPECT_EQ(Help("\xC3(", Format::kText), "\\\\xc3("); }

}  // namespace
}  // namespace mqueue::metrics
