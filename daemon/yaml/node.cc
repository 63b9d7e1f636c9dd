#include "daemon/yaml/node.h"

#include <fmt/core.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/node/node.h>  // parser.h only declares YAML::Node
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include "daemon/text/quoted.h"
#include "daemon/yaml/empty_item.h"
#include "daemon/yaml/source_text.h"

namespace mqueue::yaml {
namespace {

using Kind = Node::Kind;

// Ends the parsing from within the parser's calls; never leaves this file.
struct Refusal {
  Position at;
  std::string what;
};

Position PositionOf(const YAML::Mark& mark) {
  if (mark.is_null()) return {};
  return {static_cast<std::size_t>(mark.line) + 1, static_cast<std::size_t>(mark.column) + 1};
}

constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

// The name of the tag behind `!!`; empty if the text has no tag, which the parser reports as "?", or as "!" for a
// scalar in quotes. A tag of another kind is returned whole.
std::string_view TagName(std::string_view tag) {
  if (tag == "?" || tag == "!") return {};
  return tag.starts_with(kTagPrefix) ? tag.substr(kTagPrefix.size()) : tag;
}

bool IsTagFor(Kind kind, std::string_view name) {
  if (name.empty()) return true;
  if (kind == Kind::kList) return name == "seq";
  if (kind == Kind::kMapping) return name == "map";
  return name == "str" || name == "int" || name == "float" || name == "bool";
}

// Behind the last character that is not a blank. The parser may report a place in lines that an editor does not show.
Position EndOf(std::string_view text) {
  text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n'));
  const std::size_t last = text.rfind('\n');
  return {lines + 1, last == std::string_view::npos ? text.size() + 1 : text.size() - last};
}

void ReportDoubledKeys(const Node& mapping, Problems& problems) {
  std::map<std::string_view, Position> first;
  for (const Node& value : mapping.children) {
    const auto [entry, is_new] = first.emplace(value.key, value.key_at);
    if (is_new) continue;
    const std::size_t line = entry->second.line;
    problems.Add(value.key_at,
                 fmt::format("{} is here for the second time; keep this or line {}'s", Quoted(value.key), line));
  }
}

// Levels of lists and mappings.
std::size_t DepthOf(const Node& node) {
  std::size_t below = 0;
  for (const Node& child : node.children) below = std::max(below, DepthOf(child));
  return node.kind == Kind::kList || node.kind == Kind::kMapping ? below + 1 : 0;
}

std::size_t BytesOf(const Node& node) {
  std::size_t bytes = sizeof(Node) + node.text.size() + node.key.size();
  for (const Node& child : node.children) bytes += BytesOf(child);
  return bytes;
}

constexpr std::string_view kNoAnchor = "no anchor of this name stands above; put a value that begins with * in quotes";

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
    {"the referenced anchor is not defined", kNoAnchor},
    {"alias not found after *", kNoAnchor},
    {"illegal character found while scanning alias", kNoAnchor},
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
  TreeBuilder(std::string_view text, Problems& problems) : text_(text), problems_(problems) {}

  Node TakeRoot() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0) throw Refusal{PositionOf(mark), "a second document begins; write one document"};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Position at = PositionOf(mark);
    if (!open_.empty() && open_.back().node.kind == Kind::kList) {
      at = EmptyItemAt(text_, {.offset = static_cast<std::size_t>(std::max(mark.pos, 0)), .at = at});
    }
    PlaceNew({.kind = Kind::kNull, .at = at}, anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const Position at = PositionOf(mark);
    const auto found = anchored_.find(anchor);
    if (found == anchored_.end()) throw Refusal{at, "the alias stands inside its own anchor; write the value itself"};
    RefuseDepth(at, open_.size() + DepthOf(found->second));
    CountAliased(found->second, at);
    Place(found->second);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    RefuseTag(mark, tag, Kind::kScalar);
    const bool quoted = tag == "!" || TagName(tag) == "str";
    PlaceNew({.kind = Kind::kScalar, .at = PositionOf(mark), .text = value, .quoted = quoted}, anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(mark, tag, Kind::kList, anchor);
  }
  void OnSequenceEnd() override { Close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open(mark, tag, Kind::kMapping, anchor);
  }
  void OnMapEnd() override {
    Frame& frame = open_.back();
    ReportDoubledKeys(frame.node, problems_);
    if (frame.merged) MergeInto(frame.node, *std::move(frame.merged));
    Close();
  }

 private:
  // A list or mapping whose end has not been met.
  struct Frame {
    Node node;
    YAML::anchor_t anchor = 0;
    // Of a mapping: the key whose value comes next.
    std::optional<Node> key;
    // Of a mapping: the value of `<<`.
    std::optional<Node> merged;
  };

  static void RefuseTag(const YAML::Mark& mark, const std::string& tag, Kind kind) {
    if (IsTagFor(kind, TagName(tag))) return;
    throw Refusal{PositionOf(mark), fmt::format("tag {} is not supported; leave it out", Quoted(tag))};
  }

  static void RefuseDepth(Position at, std::size_t depth) {
    if (depth <= kMaxDepth) return;
    throw Refusal{at, fmt::format("nested deeper than {} levels; no setting is", kMaxDepth)};
  }

  void CountAliased(const Node& node, Position at) {
    aliased_bytes_ += BytesOf(node);
    if (aliased_bytes_ <= kMaxAliasedBytes) return;
    throw Refusal{
        at, fmt::format("anchors and aliases take more than {} bytes together; write fewer of them", kMaxAliasedBytes)};
  }

  void Open(const YAML::Mark& mark, const std::string& tag, Kind kind, YAML::anchor_t anchor) {
    RefuseTag(mark, tag, kind);
    RefuseDepth(PositionOf(mark), open_.size() + 1);
    open_.push_back({.node = {.kind = kind, .at = PositionOf(mark)}, .anchor = anchor});
  }

  void Close() {
    Frame frame = std::move(open_.back());
    open_.pop_back();
    PlaceNew(std::move(frame.node), frame.anchor);
  }

  // Keeps a copy for the aliases of the node's anchor; 0 is none.
  void PlaceNew(Node node, YAML::anchor_t anchor) {
    if (anchor != 0) {
      CountAliased(node, node.at);
      anchored_.emplace(anchor, node);
    }
    Place(std::move(node));
  }

  void Place(Node node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (Frame& frame = open_.back(); frame.node.kind == Kind::kList) {
      frame.node.children.push_back(std::move(node));
    } else {
      PlaceInMapping(frame, std::move(node));
    }
  }

  void PlaceInMapping(Frame& frame, Node node) {
    if (!frame.key) {
      if (node.kind != Kind::kScalar) throw Refusal{node.at, "a key is no word; write keys as `name: value`"};
      frame.key = std::move(node);
      return;
    }
    const bool merges = frame.key->text == "<<" && !frame.key->quoted;
    node.key = std::move(frame.key->text);
    node.key_at = frame.key->at;
    if (node.kind == Kind::kNull) node.at = node.key_at;
    frame.key.reset();
    if (!merges) {
      frame.node.children.push_back(std::move(node));
    } else if (frame.merged) {
      problems_.Add(node.key_at, "<< is here for the second time; write one with a list, as in `<<: [*a, *b]`");
    } else {
      frame.merged = std::move(node);
    }
  }

  static void MergeInto(Node& mapping, Node merged) {
    std::set<std::string> keys;
    for (const Node& child : mapping.children) keys.insert(child.key);
    std::vector<Node> sources;
    if (merged.kind == Kind::kList) {
      sources = std::move(merged.children);
    } else {
      sources.push_back(std::move(merged));
    }
    for (Node& source : sources) {
      if (source.kind != Kind::kMapping) {
        throw Refusal{source.at, "<< merges mappings; write `<<: *name` of a mapping, or a list of such"};
      }
      for (Node& child : source.children) {
        if (keys.insert(child.key).second) mapping.children.push_back(std::move(child));
      }
    }
  }

  const std::string_view text_;
  Problems& problems_;
  int documents_ = 0;
  std::vector<Frame> open_;
  std::map<YAML::anchor_t, Node> anchored_;
  std::size_t aliased_bytes_ = 0;
  Node root_;
};

Node Build(std::string_view text, Problems& problems) {
  // The parser forgives a quote that a line's end and the text's end leave open; a comment behind it makes it complain.
  std::istringstream stream(std::string(text) + "\n#");
  YAML::Parser parser(stream);
  TreeBuilder builder(text, problems);
  while (parser.HandleNextDocument(builder)) {
  }
  return builder.TakeRoot();
}

}  // namespace

std::optional<Node> Parse(std::string_view text, Problems& problems) {
  if (!CheckSourceText(text, problems)) return std::nullopt;
  // The parser's offsets do not count the byte order mark.
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
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

}  // namespace mqueue::yaml
