// The files of //config are what the loader says they are.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/settings/load.h"
#include "daemon/yaml/node.h"

namespace mqueue::settings {
namespace {

using yaml::Node;

constexpr char kShipped[] = "config/mqueue_exporter.yml";

std::string Bytes(const std::filesystem::path& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path).rdbuf();
  return bytes.str();
}

Settings Loaded(const std::string& path) {
  auto settings = LoadSettings({.path = path, .required = true});
  if (settings) return *std::move(settings);
  for (const std::string& error : settings.error()) ADD_FAILURE() << error;
  return {};
}

// The lines of the comments that are indented as YAML under `queues:` is.
std::string CommentedRules() {
  std::ifstream file(kShipped);
  std::string rules;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#   - ") || (!rules.empty() && line.starts_with("#     "))) rules += line.substr(2) + '\n';
  }
  return rules;
}

Node Parsed(std::string_view text) {
  yaml::Problems problems;
  auto root = yaml::Parse(text, problems);
  for (const std::string& line : problems.Lines("text")) ADD_FAILURE() << line;
  return std::move(root).value_or(Node());
}

void AddKeys(const Node& node, const std::string& prefix, std::vector<std::string>& keys) {
  for (const Node& child : node.children) {
    const std::string path = node.kind == Node::Kind::kList ? prefix + "[]" : prefix + "." + child.key;
    if (node.kind == Node::Kind::kMapping) keys.push_back(path);
    AddKeys(child, path, keys);
  }
}

const Node* Child(const Node& node, std::string_view key) {
  const auto found = std::ranges::find(node.children, key, &Node::key);
  return found == node.children.end() ? nullptr : &*found;
}

void AddSchemaKeys(const Node& schema, const std::string& prefix, std::vector<std::string>& keys) {
  if (const Node* items = Child(schema, "items")) AddSchemaKeys(*items, prefix + "[]", keys);
  const Node* properties = Child(schema, "properties");
  if (properties == nullptr) return;
  for (const Node& property : properties->children) {
    const std::string path = prefix.empty() ? property.key : prefix + "." + property.key;
    keys.push_back(path);
    AddSchemaKeys(property, path, keys);
  }
}

TEST(ShippedConfiguration, IsTheDefaults) {
  const Settings shipped = Loaded(kShipped);
  const Settings defaults;
  EXPECT_EQ(shipped.interval, defaults.interval);
  EXPECT_EQ(shipped.reader, defaults.reader);
  EXPECT_TRUE(shipped.queues.rules.empty());
  EXPECT_EQ(shipped.queues.fallback->interval, defaults.queues.fallback->interval);
  EXPECT_EQ(shipped.queues.fallback->labels, defaults.queues.fallback->labels);
  EXPECT_EQ(shipped.queues.fallback->priority_buckets, defaults.queues.fallback->priority_buckets);
  EXPECT_EQ(shipped.queues.fallback->reader, defaults.queues.fallback->reader);
  EXPECT_EQ(shipped.queues.fallback->named, defaults.queues.fallback->named);
  EXPECT_EQ(shipped.peek, defaults.peek);
  EXPECT_EQ(shipped.exact_priorities, defaults.exact_priorities);
  EXPECT_EQ(shipped.limits, defaults.limits);
}

// Every key is written out, in the file itself or in its commented rules, so equality with the defaults is no accident.
TEST(ShippedConfiguration, NamesEveryKey) {
  std::string text = Bytes(kShipped);
  text.replace(text.find("queues: []\n"), 11, "queues:\n" + CommentedRules());
  ASSERT_TRUE(ParseSettings(text, kShipped)) << ParseSettings(text, kShipped).error().front();
  std::vector<std::string> keys;
  AddKeys(Parsed(text), "", keys);
  for (const std::string& known : KnownKeys()) EXPECT_THAT(keys, testing::Contains("." + known));
}

TEST(ShippedConfiguration, DocumentsEveryReader) {
  for (const ReaderDescription& reader : kReaderDescriptions) {
    EXPECT_THAT(Bytes(kShipped), testing::HasSubstr("\n#   " + std::string(reader.name) + " "));
  }
}

TEST(ShippedConfiguration, DocumentsTheDefaultBuckets) {
  std::string bounds;
  for (const auto bound : kDefaultPriorityBuckets) bounds += (bounds.empty() ? "[" : ", ") + std::to_string(bound);
  EXPECT_THAT(Bytes(kShipped), testing::HasSubstr(bounds + "]"));
}

TEST(ShippedExamples, AllLoad) {
  int examples = 0;
  for (const auto& entry : std::filesystem::directory_iterator("config/examples")) {
    ++examples;
    Loaded(entry.path());
  }
  EXPECT_GE(examples, 5);
}

TEST(Schema, HasTheKeysOfTheLoader) {
  const Node schema = Parsed(Bytes("config/mqueue_exporter.schema.json"));
  std::vector<std::string> keys;
  AddSchemaKeys(schema, "", keys);
  EXPECT_THAT(keys, testing::UnorderedElementsAreArray(KnownKeys()));
}

TEST(Schema, HasTheReadersOfTheLoader) {
  const Node schema = Parsed(Bytes("config/mqueue_exporter.schema.json"));
  std::vector<std::string> names;
  const Node* list = &schema;
  for (const char* key : {"$defs", "reader", "enum"}) {
    list = Child(*list, key);
    ASSERT_NE(list, nullptr) << key;
  }
  std::ranges::transform(list->children, std::back_inserter(names), &Node::text);
  std::vector<std::string> readers = {"auto"};
  for (const ReaderDescription& reader : kReaderDescriptions) readers.emplace_back(reader.name);
  EXPECT_EQ(names, readers);
}

}  // namespace
}  // namespace mqueue::settings
