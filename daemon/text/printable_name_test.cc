#include "daemon/text/printable_name.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <random>
#include <string>

#include "daemon/text/utf8.h"

namespace mqueue {
namespace {

// The other way: exists for every result, so no two names can have one.
std::string Decode(std::string_view printable) {
  std::string name;
  while (!printable.empty()) {
    if (printable.starts_with("\\x")) {
      name += static_cast<char>(std::stoi(std::string(printable.substr(2, 2)), nullptr, 16));
      printable.remove_prefix(4);
    } else {
      name += printable.front();
      printable.remove_prefix(1);
    }
  }
  return name;
}

// UTF-8 of a code point below U+10000.
std::string Encode(char32_t c) {
  const auto byte = [](char32_t value) { return static_cast<char>(value); };
  if (c < 0x80) return {byte(c)};
  if (c < 0x800) return {byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F))};
  return {byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F))};
}

TEST(PrintableName, OrdinaryNamesStay) {
  EXPECT_EQ(PrintableName("/orders"), "/orders");
  EXPECT_EQ(PrintableName("/\xC3\xA9t\xC3\xA9 \"quoted\""), "/\xC3\xA9t\xC3\xA9 \"quoted\"");
}

TEST(PrintableName, InvalidBytesBecomeHex) {
  EXPECT_EQ(PrintableName("/a\xFF\x80z"), "/a\\xff\\x80z");
  EXPECT_EQ(PrintableName("\xE2\x82"), "\\xe2\\x82");
}

TEST(PrintableName, BackslashBecomesHexSoThatNoNameLooksLikeAnother) {
  EXPECT_EQ(PrintableName("/a\\xff"), "/a\\x5cxff");
  EXPECT_NE(PrintableName("/a\\xff"), PrintableName("/a\xFF"));
}

TEST(PrintableName, NewlineStaysAndOtherControlCharactersBecomeHex) {
  EXPECT_EQ(PrintableName("/a\nb"), "/a\nb");
  EXPECT_EQ(PrintableName("/\x1B[31m\r\t\x7F"), "/\\x1b[31m\\x0d\\x09\\x7f");
  EXPECT_EQ(PrintableName("/\xC2\x9B"), "/\\xc2\\x9b");
  EXPECT_EQ(PrintableName("/\xC2\xA0"), "/\xC2\xA0");
}

TEST(PrintableCgroup, NamesThatSystemdEscapesAreShownAsSystemdShowsThem) {
  EXPECT_EQ(PrintableCgroup("/a.slice/a\\x2db.slice"), "/a.slice/a\\x2db.slice");
  EXPECT_EQ(PrintableCgroup("\\x20\\x7e"), "\\x20\\x7e");
}

TEST(PrintableCgroup, OtherBytesAndSequencesAreEscapedLikeNames) {
  EXPECT_EQ(PrintableCgroup("/a\x01\xFF"), "/a\\x01\\xff");
  for (const std::string path : {"\\x01", "\\xff", "\\x5c", "\\x7f", "\\x2D", "\\x2", "\\"}) {
    EXPECT_EQ(PrintableCgroup(path), PrintableName(path));
    EXPECT_TRUE(PrintableCgroup(path).starts_with("\\x5c")) << path;
  }
  EXPECT_NE(PrintableCgroup("\\x5cx2d"), PrintableCgroup("\\x2d"));
}

TEST(PrintableName, EveryControlAndDirectionalCharacterBecomesHexAndItsNeighboursStay) {
  // Every code point up to U+FFFF that is not a surrogate. The newline and the backslash have tests of their own.
  for (char32_t c = 1; c <= 0xFFFF; ++c) {
    if (c == '\n' || c == '\\' || (0xD800 <= c && c <= 0xDFFF)) continue;
    const bool escaped = c < 0x20 || (0x7F <= c && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F ||
                         (0x2028 <= c && c <= 0x202E) || (0x2066 <= c && c <= 0x2069);
    const std::string name = Encode(c);
    ASSERT_EQ(PrintableName(name) != name, escaped) << "U+" << std::hex << static_cast<std::uint32_t>(c);
    ASSERT_EQ(Decode(PrintableName(name)), name);
  }
}

TEST(PrintableName, DirectionalOverrideBecomesHex) {
  EXPECT_EQ(PrintableName("/\xE2\x80\xAEsredro"), "/\\xe2\\x80\\xaesredro");
  EXPECT_EQ(PrintableName("/a\xE2\x81\xA6"), "/a\\xe2\\x81\\xa6");
  EXPECT_EQ(PrintableName("/a\xE2\x80\xA8"), "/a\\xe2\\x80\\xa8");
  EXPECT_EQ(PrintableName("\xD8\x9C"), "\\xd8\\x9c");
  EXPECT_EQ(PrintableName("/\xF0\x9F\x90\xBF"), "/\xF0\x9F\x90\xBF");
}

TEST(PrintableName, EveryNameOfUpToTwoBytesHasAResultOfItsOwn) {
  std::map<std::string, std::string> names;
  const auto check = [&](const std::string& name) {
    const std::string printable = PrintableName(name);
    ASSERT_TRUE(IsUtf8(printable));
    const auto [other, inserted] = names.emplace(printable, name);
    ASSERT_TRUE(inserted) << "the same as " << other->second;
  };
  for (int first = 0; first < 256; ++first) {
    check({static_cast<char>(first)});
    for (int second = 0; second < 256; ++second) check({static_cast<char>(first), static_cast<char>(second)});
  }
}

TEST(PrintableName, TheNameCanBeReadBackFromTheResult) {
  std::mt19937 random(20261121);
  // Bytes that matter together: escapes, digits of escapes, parts of characters.
  constexpr std::string_view kBytes = "\\x5cff0\n\"\x01\x7F\x80\xBF\xC2\xC3\x9B\xE2\x82\xAC\xED\xA0\xF0\x9F\xF4\xFF";
  for (int i = 0; i < 100'000; ++i) {
    std::string name(random() % 12, ' ');
    for (char& byte : name) byte = kBytes[random() % kBytes.size()];
    const std::string printable = PrintableName(name);
    ASSERT_TRUE(IsUtf8(printable));
    ASSERT_EQ(Decode(printable), name);
  }
}

}  // namespace
}  // namespace mqueue
