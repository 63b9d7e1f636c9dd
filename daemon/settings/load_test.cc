#include "daemon/settings/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "daemon/yaml/testing/titled_files.h"

namespace mqueue::settings {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

std::string ErrorsOf(std::string_view text) { return yaml::testing::ErrorsOf(ParseSettings, text); }

Settings Parsed(std::string_view text) {
  auto settings = ParseSettings(text, "x.yml");
  if (settings) return *std::move(settings);
  ADD_FAILURE() << ErrorsOf(text);
  return {};
}

QueueRule OnlyRule(std::string_view text) {
  const Settings settings = Parsed(text);
  if (settings.queues.rules.size() == 1) return settings.queues.rules.front();
  ADD_FAILURE() << settings.queues.rules.size() << " rules";
  return {};
}

TEST(ParseSettings, BadFilesGetTheErrorsOfTheList) {
  yaml::testing::ExpectErrorsOfList(ParseSettings, "daemon/settings/testdata/bad_files.txt", 40);
}

TEST(ParseSettings, FileWithoutSettingsIsTheDefaults) {
  for (const char* text : {"", "\n", "# nothing\n", "---\n", "---\n...\n", "\xEF\xBB\xBF", "{}",
                           "queues:\npeek:\nlimits: ~\n", "queues: []"}) {
    const Settings settings = Parsed(text);
    EXPECT_EQ(settings.interval, milliseconds(5000)) << text;
    EXPECT_EQ(settings.reader, std::nullopt);
    EXPECT_EQ(settings.namespaces, Namespaces::kAll);
    EXPECT_THAT(settings.queues.rules, IsEmpty());
    EXPECT_EQ(settings.peek, Peek());
    EXPECT_EQ(settings.exact_priorities, ExactPriorities());
    EXPECT_EQ(settings.limits, Limits());
  }
}

TEST(ParseSettings, EveryScalarIsTaken) {
  const Settings settings = Parsed(
      "interval: 1m30s\n"
      "reader: msg_stat\n"
      "namespaces: own\n"
      "peek: {max_messages: {fcntl: 1, syscall: 7, msg_copy: 65536}, cpu_budget: 1}\n"
      "exact_priorities: {enabled: true, max: 32768}\n"
      "limits: {max_queues: 1}\r\n");
  EXPECT_EQ(settings.interval, milliseconds(90'000));
  EXPECT_EQ(settings.reader, ReaderKind::kMsgStat);
  EXPECT_EQ(settings.namespaces, Namespaces::kOwn);
  EXPECT_EQ(settings.peek, (Peek{.max_messages = {.fcntl = 1, .syscall = 7, .msg_copy = 65536}, .cpu_budget = 1}));
  EXPECT_EQ(settings.exact_priorities, (ExactPriorities{.enabled = true, .max = 32768}));
  EXPECT_EQ(settings.limits, Limits{.max_queues = 1});
}

TEST(ParseSettings, FallbackIsWhatTheTopLevelSays) {
  const Settings settings = Parsed("interval: 2s\nreader: attr\n");
  EXPECT_EQ(settings.queues.fallback->interval, milliseconds(2000));
  EXPECT_EQ(settings.queues.fallback->reader, ReaderKind::kAttr);
  EXPECT_FALSE(settings.queues.fallback->named);
}

TEST(ParseSettings, EveryKeyOfARuleIsTaken) {
  const QueueRule rule = OnlyRule(
      "queues:\n"
      "  - match: \"0x0000beef\"\n"
      "    ipc: sysv\n"
      "    interval: 100ms\n"
      "    labels: {team: payments, shard: 7, country: no}\n"
      "    priority_buckets: [0, 9, 31]\n"
      "    reader: msg_copy\n");
  EXPECT_EQ(rule.syntax, QueueRule::Syntax::kGlob);
  EXPECT_EQ(rule.pattern, "0x0000beef");
  EXPECT_EQ(rule.ipc, Ipc::kSysv);
  EXPECT_FALSE(rule.exclude);
  EXPECT_EQ(rule.policy->interval, milliseconds(100));
  EXPECT_THAT(rule.policy->labels, ElementsAre(Pair("team", "payments"), Pair("shard", "7"), Pair("country", "no")));
  EXPECT_THAT(rule.policy->priority_buckets, ElementsAre(0, 9, 31));
  EXPECT_EQ(rule.policy->reader, ReaderKind::kMsgCopy);
  EXPECT_TRUE(rule.policy->named);
}

TEST(ParseSettings, RuleInheritsWhateverTheOrderOfTheKeys) {
  const QueueRule rule = OnlyRule("queues: [{regex: '^/orders-[0-9]+$'}]\nreader: attr\ninterval: 1h\n");
  EXPECT_EQ(rule.syntax, QueueRule::Syntax::kRegex);
  EXPECT_EQ(rule.pattern, "^/orders-[0-9]+$");
  EXPECT_EQ(rule.ipc, std::nullopt);
  EXPECT_EQ(rule.policy->interval, milliseconds(3'600'000));
  EXPECT_EQ(rule.policy->reader, ReaderKind::kAttr);
  EXPECT_THAT(rule.policy->labels, IsEmpty());
  EXPECT_EQ(rule.policy->priority_buckets, QueuePolicy().priority_buckets);
}

TEST(ParseSettings, RuleOverridesAnInheritedReaderByAuto) {
  EXPECT_EQ(OnlyRule("reader: attr\nqueues: [{match: '/a', reader: auto}]").policy->reader, std::nullopt);
}

TEST(ParseSettings, InheritedReaderOfTheOtherKindIsAuto) {
  EXPECT_EQ(OnlyRule("reader: attr\nqueues: [{match: '*', ipc: sysv}]").policy->reader, std::nullopt);
  EXPECT_EQ(OnlyRule("reader: attr\nqueues: [{match: '*', ipc: posix}]").policy->reader, ReaderKind::kAttr);
}

TEST(ParseSettings, ExcludingRuleKeepsItsPattern) {
  const QueueRule rule = OnlyRule("queues: [{match: '/scratch-*', exclude: true}]");
  EXPECT_TRUE(rule.exclude);
  EXPECT_EQ(rule.pattern, "/scratch-*");
  EXPECT_NE(rule.policy, nullptr);
}

TEST(ParseSettings, RuleForEveryQueueNamesNone) {
  EXPECT_FALSE(OnlyRule("queues: [{match: '*'}]").policy->named);
  EXPECT_FALSE(OnlyRule("queues: [{match: '**', ipc: posix}]").policy->named);
  EXPECT_TRUE(OnlyRule("queues: [{match: '/*'}]").policy->named);
}

TEST(ParseSettings, NoBucketsIsFine) {
  EXPECT_THAT(OnlyRule("queues: [{match: '/a', priority_buckets: []}]").policy->priority_buckets, IsEmpty());
}

TEST(ParseSettings, GreatestBucketIsTheLastWholeDouble) {
  EXPECT_THAT(OnlyRule("queues: [{match: '/a', priority_buckets: [9007199254740992]}]").policy->priority_buckets,
              ElementsAre(9007199254740992U));
  EXPECT_THAT(ErrorsOf("queues: [{match: '/a', priority_buckets: [9007199254740993]}]"), HasSubstr("this bound is"));
  EXPECT_THAT(ErrorsOf("queues: [{match: '/a', priority_buckets: [9007199254740992, 9007199254740993]}]"),
              HasSubstr("9007199254740992 is the greatest bound; leave out what follows it"));
}

TEST(ParseSettings, JsonIsYaml) {
  EXPECT_EQ(Parsed(R"({"interval": "10s", "limits": {"max_queues": 5}})").limits.max_queues, 5U);
}

TEST(ParseSettings, LabelsOfJobAndInstanceAreWarnedOf) {
  const Settings settings = Parsed("queues:\n  - match: '/a'\n    labels: {job: a, team: b, instance: c}\n");
  EXPECT_THAT(
      settings.warnings,
      ElementsAre("x.yml:3:14: Prometheus sets job itself and renames this label to exported_job; write another "
                  "name, or honor_labels: true in its scrape configuration",
                  "x.yml:3:31: Prometheus sets instance itself and renames this label to exported_instance; write "
                  "another name, or honor_labels: true in its scrape configuration"));
  EXPECT_THAT(Parsed("queues: [{match: '/a', labels: {team: b}}]").warnings, IsEmpty());
}

std::string RuleWithLabels(int count, std::size_t bytes) {
  std::string text = "queues:\n  - match: '/a'\n    labels:\n";
  for (int i = 0; i < count; ++i) {
    std::string name = "l" + std::to_string(100 + i);
    text += "      " + name + ": " + std::string(bytes - name.size(), 'x') + '\n';
  }
  return text;
}

TEST(ParseSettings, LabelsOfARuleAreBounded) {
  EXPECT_EQ(OnlyRule(RuleWithLabels(64, 32)).policy->labels.size(), 64U);
  EXPECT_EQ(ErrorsOf(RuleWithLabels(65, 8)), "x.yml:4:7: labels has 65 labels; write at most 64\n");
  EXPECT_EQ(ErrorsOf(RuleWithLabels(2, 1025)),
            "x.yml:5:7: names and values of labels have more than 2048 bytes up to this one; shorten them\n");
}

TEST(ParseSettings, LabelsOfJobAndInstanceAreFree) {
  EXPECT_THAT(OnlyRule("queues: [{match: '/a', labels: {job: a, instance: b}}]").policy->labels,
              ElementsAre(Pair("job", "a"), Pair("instance", "b")));
}

TEST(ParseSettings, TooManyBucketsAreRefused) {
  std::string bounds = "0";
  for (int i = 1; i <= 64; ++i) bounds += ", " + std::to_string(i);
  EXPECT_EQ(ErrorsOf("queues: [{match: '/a', priority_buckets: [" + bounds + "]}]"),
            "x.yml:1:42: priority_buckets has 65 bounds; write at most 64\n");
}

TEST(ParseSettings, EndlessNestingIsRefused) {
  for (const char* piece : {"[", "{a: ", "- ", "? ", "[{", "&a ["}) {
    std::string text;
    for (int i = 0; i < 50'000; ++i) text += piece;
    EXPECT_THAT(ErrorsOf(text), HasSubstr("nested deeper than 16 levels; no setting is")) << piece;
  }
}

TEST(ParseSettings, AliasesAndMergedKeysAreTaken) {
  const Settings settings = Parsed(
      "queues:\n"
      "  - &first\n"
      "    match: '/a'\n"
      "    labels: &team {team: payments}\n"
      "    interval: !!str 1s\n"
      "  - {<<: *first, match: '/b', labels: {<<: *team, tier: gold}}\n");
  ASSERT_EQ(settings.queues.rules.size(), 2U);
  EXPECT_EQ(settings.queues.rules[1].pattern, "/b");
  EXPECT_EQ(settings.queues.rules[1].policy->interval, milliseconds(1000));
  EXPECT_THAT(settings.queues.rules[1].policy->labels, ElementsAre(Pair("tier", "gold"), Pair("team", "payments")));
}

TEST(ParseSettings, AliasBombIsRefused) {
  std::string text = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 100; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + ", " + before + "]\n";
  }
  EXPECT_THAT(ErrorsOf(text),
              testing::EndsWith("anchors and aliases take more than 1048576 bytes together; write fewer of them\n"));
}

TEST(ParseSettings, AnyTruncationOfAFileIsHarmless) {
  const std::string text =
      "queues:\n  - match: \"/a\"\n    labels: {a: 'b'}\n    priority_buckets: [1, 2]\npeek: {cpu_budget: 0.5}\n";
  EXPECT_EQ(ErrorsOf(text), "no error\n");
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_THAT(ErrorsOf(text.substr(0, length)), testing::EndsWith("\n"));
  }
}

TEST(ParseSettings, ThousandsOfErrorsAreCut) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "key" + std::to_string(i) + ": 1\n";
  const auto settings = ParseSettings(text, "x.yml");
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().size(), 51U);
  EXPECT_EQ(settings.error().back(), "x.yml: 2950 more like these");
}

TEST(LoadSettings, PipeIsWarnedOf) {
  const std::string path = testing::TempDir() + "pipe.yml";
  std::filesystem::remove(path);
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  std::thread writer([&path] { std::ofstream(path) << "interval: 2s\n"; });
  const auto settings = LoadSettings({.path = path, .required = true, .pipe_allowed = true});
  writer.join();
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->interval, milliseconds(2000));
  EXPECT_THAT(settings->warnings,
              ElementsAre(path + ": is a pipe, so a reload cannot read it again; restart the exporter for a new "
                                 "configuration, or give the path of a file"));
}

TEST(LoadSettings, UnreadableFileIsOneError) {
  const auto settings = LoadSettings({.path = "/", .required = true});
  ASSERT_FALSE(settings);
  EXPECT_THAT(settings.error(), ElementsAre("/: not a regular file; give the path of one"));
}

TEST(LoadSettings, AbsentDefaultFileIsTheDefaults) {
  const auto settings = LoadSettings({.path = "/nonexistent/x.yml", .required = false});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->interval, Settings().interval);
}

TEST(KnownKeys, NamesNestedOnes) {
  EXPECT_THAT(KnownKeys(), testing::IsSupersetOf({"interval", "queues[].match", "peek.max_messages.msg_copy"}));
}

}  // namespace
}  // namespace mqueue::settings
