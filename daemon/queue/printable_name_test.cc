#include "daemon/queue/printable_name.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "daemon/queue/utf8.h"

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
