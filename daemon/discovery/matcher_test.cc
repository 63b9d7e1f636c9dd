#include "daemon/discovery/matcher.h"

#include <gtest/gtest.h>

namespace mqueue::discovery {
namespace {

using Syntax = QueueRule::Syntax;

QueueRef Posix(std::string name) { return {.ipc = Ipc::kPosix, .name = std::move(name)}; }
QueueRef Sysv(std::string name) { return {.ipc = Ipc::kSysv, .name = std::move(name)}; }

std::shared_ptr<const QueuePolicy> Policy() { return std::make_shared<QueuePolicy>(); }

TEST(Matcher, NoRuleWatchesEveryQueueUnderTheFallback) {
  const QueueRules rules;
  EXPECT_EQ(Matcher(rules).PolicyOf(Posix("/any")), rules.fallback);
}

TEST(Matcher, FirstMatchWins) {
  const QueueRules rules{
      .rules = {{.pattern = "/orders-1", .policy = Policy()}, {.pattern = "/orders*", .policy = Policy()}}};
  const Matcher matcher(rules);
  EXPECT_EQ(matcher.PolicyOf(Posix("/orders-1")), rules.rules[0].policy);
  EXPECT_EQ(matcher.PolicyOf(Posix("/orders-2")), rules.rules[1].policy);
  EXPECT_EQ(matcher.PolicyOf(Posix("/other")), rules.fallback);
}

TEST(Matcher, ExcludedQueueHasNoPolicy) {
  const Matcher matcher({.rules = {{.pattern = "/scratch-*", .exclude = true}}});
  EXPECT_EQ(matcher.PolicyOf(Posix("/scratch-7")), nullptr);
  EXPECT_NE(matcher.PolicyOf(Posix("/keep")), nullptr);
}

TEST(Matcher, RuleForOneKindLeavesTheOtherAlone) {
  const Matcher matcher({.rules = {{.pattern = "*", .ipc = Ipc::kPosix, .exclude = true}}});
  EXPECT_EQ(matcher.PolicyOf(Posix("/orders")), nullptr);
  EXPECT_NE(matcher.PolicyOf(Sysv("0x0000beef")), nullptr);
}

TEST(Matcher, GlobCoversTheWholeName) {
  const Matcher matcher({.rules = {{.pattern = "/order", .exclude = true}}});
  EXPECT_NE(matcher.PolicyOf(Posix("/orders")), nullptr);
}

TEST(Matcher, RegexMatchesAnywhereUnlessAnchored) {
  const Matcher anywhere({.rules = {{.syntax = Syntax::kRegex, .pattern = "ord", .exclude = true}}});
  EXPECT_EQ(anywhere.PolicyOf(Posix("/orders")), nullptr);
  const Matcher anchored({.rules = {{.syntax = Syntax::kRegex, .pattern = "^ord", .exclude = true}}});
  EXPECT_NE(anchored.PolicyOf(Posix("/orders")), nullptr);
}

TEST(Matcher, DotIsOneCharacterOfAUtf8Name) {
  const Matcher matcher({.rules = {{.syntax = Syntax::kRegex, .pattern = "^/a.b$", .exclude = true}}});
  EXPECT_EQ(matcher.PolicyOf(Posix("/a\u00e9b")), nullptr);
}

TEST(Matcher, NameThatIsNotUtf8IsMatchedByItsBytes) {
  const Matcher regex({.rules = {{.syntax = Syntax::kRegex, .pattern = "^/a.b$", .exclude = true}}});
  EXPECT_EQ(regex.PolicyOf(Posix("/a\xff"
                                 "b")),
            nullptr);
  const Matcher glob({.rules = {{.pattern = "/a*", .exclude = true}}});
  EXPECT_EQ(glob.PolicyOf(Posix("/a\xff\n")), nullptr);
}

}  // namespace
}  // namespace mqueue::discovery
