#include "daemon/settings/flags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "daemon/settings/flag_table.h"

namespace mqueue::settings {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Flags Parsed(std::vector<const char*> arguments) {
  auto flags = ParseFlags(arguments);
  if (flags) return *std::move(flags);
  ADD_FAILURE() << flags.error();
  return {};
}

std::string ErrorOf(std::vector<const char*> arguments) {
  const auto flags = ParseFlags(arguments);
  return flags ? "no error" : flags.error();
}

TEST(ParseFlags, NoneGivenIsTheDefaults) {
  const Flags flags = Parsed({});
  EXPECT_EQ(flags.config_file.path, "/etc/mqueue_exporter/mqueue_exporter.yml");
  EXPECT_FALSE(flags.config_file.required);
  EXPECT_THAT(flags.listen_addresses, ElementsAre(":9992"));
  EXPECT_EQ(flags.telemetry_path, "/metrics");
  EXPECT_FALSE(flags.enable_lifecycle);
  EXPECT_EQ(flags.max_connections, 512U);
  EXPECT_EQ(flags.log_level, log::Level::kInfo);
  EXPECT_EQ(flags.log_format, log::Format::kLogfmt);
  EXPECT_EQ(flags.procfs, "/proc");
  EXPECT_EQ(flags.mqueuefs, "");
  EXPECT_FALSE(flags.config_check || flags.version || flags.help);
}

TEST(ParseFlags, EveryFlagIsTaken) {
  const Flags flags = Parsed({"--config.file=a.yml", "--config.check", "--web.listen-address=:1",
                              "--web.telemetry-path=/m", "--web.enable-lifecycle", "--web.max-connections=7",
                              "--log.level=debug", "--log.format=json", "--path.procfs=/p", "--path.mqueuefs=/q"});
  EXPECT_EQ(flags.config_file.path, "a.yml");
  EXPECT_TRUE(flags.config_check);
  EXPECT_THAT(flags.listen_addresses, ElementsAre(":1"));
  EXPECT_EQ(flags.telemetry_path, "/m");
  EXPECT_TRUE(flags.enable_lifecycle);
  EXPECT_EQ(flags.max_connections, 7U);
  EXPECT_EQ(flags.log_level, log::Level::kDebug);
  EXPECT_EQ(flags.log_format, log::Format::kJson);
  EXPECT_EQ(flags.procfs, "/p");
  EXPECT_EQ(flags.mqueuefs, "/q");
}

TEST(ParseFlags, ValueStandsBehindEqualsOrASpace) {
  EXPECT_EQ(Parsed({"--log.level", "warn"}).log_level, log::Level::kWarn);
  EXPECT_EQ(Parsed({"--log.level=warn"}).log_level, log::Level::kWarn);
  EXPECT_EQ(Parsed({"--log.level=warning"}).log_level, log::Level::kWarn);
  EXPECT_EQ(Parsed({"--config.file=a=b"}).config_file.path, "a=b");
  EXPECT_EQ(Parsed({"--config.file", "-"}).config_file.path, "-");
}

TEST(ParseFlags, ConfigFileThatIsGivenIsRequired) {
  EXPECT_TRUE(Parsed({"--config.file", kDefaultConfigPath}).config_file.required);
}

TEST(ParseFlags, ListenAddressesAddUpAndReplaceTheDefault) {
  EXPECT_THAT(Parsed({"--web.listen-address=:1", "--web.listen-address", "unix:/run/x"}).listen_addresses,
              ElementsAre(":1", "unix:/run/x"));
}

TEST(ParseFlags, SwitchesHaveANegativeForm) {
  EXPECT_FALSE(Parsed({"--no-web.enable-lifecycle"}).enable_lifecycle);
  EXPECT_FALSE(Parsed({"--no-help", "--no-version"}).help);
}

TEST(ParseFlags, HelpAndVersionEndTheReading) {
  EXPECT_TRUE(Parsed({"--help", "--nonsense"}).help);
  EXPECT_TRUE(Parsed({"-h", "--nonsense"}).help);
  EXPECT_TRUE(Parsed({"--version", "--nonsense"}).version);
}

TEST(ParseFlags, UnknownFlagNamesTheNearest) {
  EXPECT_EQ(ErrorOf({"--web.listen-adress=:1"}),
            R"(unknown flag "--web.listen-adress"; did you mean --web.listen-address?)");
  EXPECT_EQ(ErrorOf({"--colour"}), R"(unknown flag "--colour"; --help lists all)");
  EXPECT_EQ(ErrorOf({"--"}), R"(unexpected argument "--"; write settings as --flag=value)");
  EXPECT_EQ(ErrorOf({"--=x"}), R"(unknown flag "--"; --help lists all)");
}

TEST(ParseFlags, ArgumentsThatAreNoFlagsAreErrors) {
  EXPECT_EQ(ErrorOf({"start"}), R"(unexpected argument "start"; write settings as --flag=value)");
  EXPECT_EQ(ErrorOf({"-v"}), R"(unexpected argument "-v"; write settings as --flag=value)");
  EXPECT_EQ(ErrorOf({""}), R"(unexpected argument ""; write settings as --flag=value)");
}

TEST(ParseFlags, DoubledFlagIsAnError) {
  EXPECT_EQ(ErrorOf({"--log.level=info", "--log.level=info"}), "--log.level is given twice; once is enough");
  EXPECT_EQ(ErrorOf({"--config.check", "--no-config.check"}), "--config.check is given twice; once is enough");
  EXPECT_EQ(ErrorOf({"--web.listen-address=:1", "--web.listen-address=:1"}),
            R"(--web.listen-address is ":1"; write each address once)");
}

TEST(ParseFlags, MissingAndSuperfluousValuesAreErrors) {
  EXPECT_EQ(ErrorOf({"--log.level"}), "--log.level has no value; write --log.level=LEVEL");
  EXPECT_EQ(ErrorOf({"--log.level", "--config.check"}), "--log.level has no value; write --log.level=LEVEL");
  EXPECT_EQ(ErrorOf({"--config.check=true"}),
            "--config.check takes no value; write --config.check or --no-config.check");
  EXPECT_EQ(ErrorOf({"--no-log.level"}), "--no-log.level says nothing; write --log.level=LEVEL");
}

TEST(ParseFlags, UnfitValuesAreErrors) {
  EXPECT_EQ(ErrorOf({"--log.level=loud"}), R"(--log.level is "loud"; write one of debug, info, warn, warning, error)");
  EXPECT_EQ(ErrorOf({"--log.format=xml"}), R"(--log.format is "xml"; write one of logfmt, json)");
  EXPECT_EQ(ErrorOf({"--config.file="}), R"(--config.file is ""; write the path of a file)");
  EXPECT_EQ(ErrorOf({"--path.procfs=proc"}), R"(--path.procfs is "proc"; write the absolute path of a directory)");
  EXPECT_EQ(ErrorOf({"--web.listen-address="}),
            R"(--web.listen-address is ""; write host:port, :port, [v6]:port, unix:/path or vsock://:port)");
  for (const char* number : {"0", "65537", "-1", "many", "1.5", "", "99999999999"}) {
    const std::string argument = std::string("--web.max-connections=") + number;
    EXPECT_THAT(ErrorOf({argument.c_str()}), HasSubstr("write a whole number from 1 to 65536")) << number;
  }
}

TEST(ParseFlags, TelemetryPathMustBeFreeAndPlain) {
  EXPECT_EQ(Parsed({"--web.telemetry-path=/a/-/b_c.d~e"}).telemetry_path, "/a/-/b_c.d~e");
  EXPECT_EQ(Parsed({"--web.telemetry-path=/"}).telemetry_path, "/");
  EXPECT_EQ(ErrorOf({"--web.telemetry-path=//"}),
            R"(--web.telemetry-path is "//"; write a path without an empty, . or .. segment, which clients change)");
  EXPECT_EQ(ErrorOf({"--web.telemetry-path=/-/ready"}),
            R"(--web.telemetry-path is "/-/ready"; write a path outside of /-/, where the exporter's own are)");
  for (const char* path : {"metrics", "", "/a?b", "/a b", "/a#b", "/a%20b", "/a\nb", "/\xc3\xa9"}) {
    const std::string argument = std::string("--web.telemetry-path=") + path;
    EXPECT_THAT(ErrorOf({argument.c_str()}), HasSubstr("write a path that begins with /")) << path;
  }
}

TEST(ParseFlags, ErrorStaysOnOneLine) {
  EXPECT_THAT(ErrorOf({"--a\nb"}), testing::Not(HasSubstr("\n")));
  EXPECT_THAT(ErrorOf({"--log.level=a\nb"}), testing::Not(HasSubstr("\n")));
}

log::Format RequestedBy(std::vector<const char*> arguments) { return RequestedLogFormat(arguments); }

TEST(RequestedLogFormat, IsFoundBesideWrongArguments) {
  EXPECT_EQ(RequestedBy({}), log::Format::kLogfmt);
  EXPECT_EQ(RequestedBy({"--unknown", "--log.format=json"}), log::Format::kJson);
  EXPECT_EQ(RequestedBy({"--log.format", "json", "stray"}), log::Format::kJson);
  EXPECT_EQ(RequestedBy({"--log.format=json", "--log.format=json"}), log::Format::kJson);
  EXPECT_EQ(RequestedBy({"--log.format=logfmt", "--log.level=loud"}), log::Format::kLogfmt);
}

TEST(RequestedLogFormat, IsTheDefaultWhenNoneThatExistsIsAskedFor) {
  EXPECT_EQ(RequestedBy({"--log.format"}), log::Format::kLogfmt);
  EXPECT_EQ(RequestedBy({"--log.format=xml"}), log::Format::kLogfmt);
  EXPECT_EQ(RequestedBy({"--no-log.format=json"}), log::Format::kLogfmt);
}

TEST(HelpText, HasEveryFlagAndItsDefault) {
  const std::string help = HelpText();
  for (const FlagSpec& flag : FlagTable()) {
    const std::string usage = (flag.IsSwitch() ? "--[no-]" : "--") + std::string(flag.name);
    EXPECT_THAT(help, HasSubstr("\n  " + usage));
  }
  EXPECT_THAT(help, HasSubstr(" Default: :9992\n"));
}

TEST(FlagTable, DefaultsOfTheHelpAreValuesOfTheirFlags) {
  Flags flags;
  flags.listen_addresses.clear();
  for (const FlagSpec& flag : FlagTable()) {
    if (flag.default_of == nullptr || flag.IsSwitch()) continue;
    EXPECT_EQ(flag.set(flag.default_of(Flags()), flags), "") << flag.name;
  }
  const Flags defaults;
  EXPECT_EQ(flags.config_file.path, defaults.config_file.path);
  EXPECT_EQ(flags.listen_addresses, defaults.listen_addresses);
  EXPECT_EQ(flags.telemetry_path, defaults.telemetry_path);
  EXPECT_EQ(flags.max_connections, defaults.max_connections);
  EXPECT_EQ(flags.log_level, defaults.log_level);
  EXPECT_EQ(flags.log_format, defaults.log_format);
  EXPECT_EQ(flags.procfs, defaults.procfs);
}

}  // namespace
}  // namespace mqueue::settings
