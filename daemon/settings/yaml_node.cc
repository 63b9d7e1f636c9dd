#include "daemon/settings/yaml_node.h"

#include <fmt/core.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <map>
#include <sstream>
#include <utility>

#include "daemon/settings/source_text.h"

namespace mqueue::settings {
namespace {

using Kind = YamlNode::Kind;

// Ends the parsing from within the parser's calls; never leaves this file.
struct Refusal {
  Position at;
  std::string what;
};

Position PositionOf(const YAML::Mark& mark) {
  if (mark.is_null()) return {};
  return {static_cast<std::size_t>(mark.line) + 1, static_cast<std::size_t>(mark.column) + 1};
}

// The parser says "?" where the text has no tag and "!" for a scalar in quotes.
bool IsWrittenTag(const std::string& tag) { return !tag.empty() && tag != "?" && tag != "!"; }

// Where the next character would stand.
Position EndOf(std::string_view text) {
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n'));
  const std::size_t last = text.rfind('\n');
  return {lines + 1, last == std::string_view::npos ? text.size() + 1 : text.size() - last};
}

void ReportDoubledKeys(const YamlNode& mapping, Problems& problems) {
  std::map<std::string_view, Position> first;
  for (const YamlNode& value : mapping.children) {
    const auto [entry, is_new] = first.emplace(value.key, value.key_at);
    if (is_new) continue;
    const std::size_t line = entry->second.line;
    problems.Add(value.key_at,
                 fmt::format("{} is here for the second time; keep this or line {}'s", Quoted(value.key), line));
  }
}

constexpr std::string_view kNoAliases =
    "aliases are not supported; write the value itself, in quotes if it begins with *";

// What the parser says of the slips that people make, and what is to be done about each.
constexpr std::pair<std::string_view, std::string_view> kHints[] = {
    {"illegal map value",
     "`:` where no key may stand; put the value in quotes, or look for `key: value` in the line above"},
    {"end of map not found", "the line does not fit the mapping above; align it with its neighbours as `key: value`"},
    {"end of sequence not found", "the line does not fit the list above; align it with its neighbours as `- value`"},
    {"end of map flow not found", "a `{` above is not closed; write `}`"},
    {"end of sequence flow not found", "a `[` above is not closed; write `]`"},
    {"illegal flow end", "`]` or `}` closes nothing; remove it"},
    {"illegal EOF in scalar", "a quote above is not closed; close it"},
    {"unknown token", "no value begins with this character; put the value in quotes"},
    {"the referenced anchor is not defined", kNoAliases},
    {"alias not found after *", kNoAliases},
    {"illegal character found while scanning alias", kNoAliases},
    {"unknown escape character", "no escape in double quotes; write the value in single quotes"},
};

std::string Explain(const std::string& message) {
  for (const auto& [said, hint] : kHints) {
    if (message.starts_with(said)) return std::string(hint);
  }
  return fmt::format("not YAML: {}", message);
}

// Builds the tree while the parser goes through the text, which leaves no place for its own, unlimited one.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(Problems& problems) : problems_(problems) {}

  YamlNode TakeRoot() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0) throw Refusal{PositionOf(mark), "a second document begins; write one document"};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { Place({.kind = Kind::kNull, .at = PositionOf(mark)}); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw Refusal{PositionOf(mark), std::string(kNoAliases)};
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& value) override {
    RefuseTag(mark, tag);
    Place({.kind = Kind::kScalar, .at = PositionOf(mark), .text = value, .quoted = tag == "!"});
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    Open(mark, tag, Kind::kList);
  }
  void OnSequenceEnd() override { Close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, YAML::EmitterStyle::value) override {
    Open(mark, tag, Kind::kMapping);
  }
  void OnMapEnd() override {
    ReportDoubledKeys(open_.back().node, problems_);
    Close();
  }

 private:
  // A list or mapping whose end has not been met.
  struct Frame {
    YamlNode node;
    // Of a mapping: the key whose value comes next.
    std::optional<YamlNode> key;
  };

  static void RefuseTag(const YAML::Mark& mark, const std::string& tag) {
    if (!IsWrittenTag(tag)) return;
    throw Refusal{PositionOf(mark), fmt::format("tag {} is not supported; leave it out", Quoted(tag))};
  }

  void Open(const YAML::Mark& mark, const std::string& tag, Kind kind) {
    RefuseTag(mark, tag);
    if (open_.size() == kMaxYamlDepth) {
      throw Refusal{PositionOf(mark), fmt::format("nested deeper than {} levels; no setting is", kMaxYamlDepth)};
    }
    open_.push_back({.node = {.kind = kind, .at = PositionOf(mark)}});
  }

  void Close() {
    YamlNode node = std::move(open_.back().node);
    open_.pop_back();
    Place(std::move(node));
  }

  void Place(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (Frame& frame = open_.back(); frame.node.kind == Kind::kList) {
      frame.node.children.push_back(std::move(node));
    } else {
      PlaceInMapping(frame, std::move(node));
    }
  }

  static void PlaceInMapping(Frame& frame, YamlNode node) {
    if (!frame.key) {
      if (node.kind != Kind::kScalar) throw Refusal{node.at, "a key is no word; write keys as `name: value`"};
      frame.key = std::move(node);
      return;
    }
    node.key = std::move(frame.key->text);
    node.key_at = frame.key->at;
    if (node.kind == Kind::kNull) node.at = node.key_at;
    frame.key.reset();
    frame.node.children.push_back(std::move(node));
  }

  Problems& problems_;
  int documents_ = 0;
  std::vector<Frame> open_;
  YamlNode root_;
};

YamlNode Build(std::string_view text, Problems& problems) {
  // The parser forgives a quote that a line's end and the text's end leave open; a comment behind it makes it complain.
  std::istringstream stream(std::string(text) + "\n#");
  YAML::Parser parser(stream);
  TreeBuilder builder(problems);
  while (parser.HandleNextDocument(builder)) {
  }
  return builder.TakeRoot();
}

}  // namespace

std::optional<YamlNode> ParseYaml(std::string_view text, Problems& problems) {
  if (!CheckSourceText(text, problems)) return std::nullopt;
  try {
    return Build(text, problems);
  } catch (const Refusal& refusal) {
    problems.Add(refusal.at, refusal.what);
  } catch (const YAML::Exception& error) {
    problems.Add(std::min(PositionOf(error.mark), EndOf(text)), Explain(error.msg));
  } catch (const std::exception& error) {
    problems.Add({}, fmt::format("cannot be parsed: {}", error.what()));
  }
  return std::nullopt;
}

}  // namespace mqueue::settings
