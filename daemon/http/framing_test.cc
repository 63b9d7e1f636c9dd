#include "daemon/http/framing.h"

#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <string>
#include <string_view>

namespace mqueue::http {
namespace {

namespace beast = boost::beast;

// What follows the header `bytes`, or why the header is refused: by the parser, or by JudgeHeader.
std::string Verdict(const std::string& bytes) {
  WireParser parser;
  PrepareForHeader(parser, {});
  beast::error_code error;
  const std::size_t consumed = parser.put(boost::asio::buffer(bytes), error);
  if (HasFoldedField(std::string_view(bytes).substr(0, consumed))) return "folded";
  if (error) return "parser: " + error.message();
  if (!parser.is_header_done()) return "parser: not done";
  const auto after_header = JudgeHeader(parser.get());
  if (!after_header) return after_header.error();
  switch (*after_header) {
    case AfterHeader::kNextRequest:
      return "next request";
    case AfterHeader::kBody:
      return "body";
    case AfterHeader::kUnreadBody:
      return "unread body";
  }
  return "?";
}

struct Framing {
  std::string_view request_line;
  // Without the last line end.
  std::string_view fields;
  std::string_view verdict;
};

std::string Header(const Framing& framing) {
  std::string bytes(framing.request_line);
  bytes.append("\r\nHost: h\r\n").append(framing.fields);
  return bytes + (framing.fields.empty() ? "\r\n" : "\r\n\r\n");
}

constexpr std::string_view kGet = "GET / HTTP/1.1";
constexpr std::string_view kPost = "POST / HTTP/1.1";
constexpr std::string_view kOldGet = "GET / HTTP/1.0";
constexpr std::string_view kOldPost = "POST / HTTP/1.0";

constexpr std::string_view kNotChunked = "Transfer-Encoding must be \"chunked\"";
constexpr std::string_view kBesideLength = "there is a Content-Length beside the Transfer-Encoding";
constexpr std::string_view kOld = "HTTP/1.0 has no Transfer-Encoding";
constexpr std::string_view kNotOneNumber = "Content-Length must be one number";
constexpr std::string_view kBadTransferEncoding = "parser: bad Transfer-Encoding";
constexpr std::string_view kBadContentLength = "parser: bad Content-Length";
constexpr std::string_view kBadValue = "parser: bad value";
constexpr std::string_view kBadField = "parser: bad field";

TEST(JudgeHeader, TableOfFramings) {
  constexpr Framing kTable[] = {
      // No body.
      {kGet, "", "next request"},
      {kPost, "", "next request"},
      {kOldGet, "", "next request"},
      {kGet, "Content-Length: 0", "next request"},
      {kPost, "Content-Length: 0", "next request"},
      {kPost, "Content-Length: 000", "next request"},
      // One body of a length that everybody agrees on.
      {kPost, "Content-Length: 1", "body"},
      {kPost, "Content-Length:\t 17 ", "body"},
      {kPost, "content-length: 5", "body"},
      {"PUT / HTTP/1.1", "Content-Length: 5", "body"},
      {kOldPost, "Content-Length: 5", "body"},
      {kPost, "Transfer-Encoding: chunked", "body"},
      {kPost, "Transfer-Encoding:   Chunked\t", "body"},
      {"PUT / HTTP/1.1", "transfer-encoding:chunked", "body"},
      // The same where no handler needs it.
      {kGet, "Content-Length: 1", "unread body"},
      {kGet, "Content-Length: 18446744073709551615", "unread body"},
      {kGet, "Transfer-Encoding: chunked", "unread body"},
      {"HEAD / HTTP/1.1", "Content-Length: 5", "unread body"},
      {"OPTIONS / HTTP/1.1", "Content-Length: 5", "unread body"},
      {"DELETE / HTTP/1.1", "Content-Length: 5", "unread body"},
      {"PATCH / HTTP/1.1", "Transfer-Encoding: chunked", "unread body"},
      {"post / HTTP/1.1", "Content-Length: 5", "unread body"},
      {"NONSENSE / HTTP/1.1", "Content-Length: 5", "unread body"},
      // Transfer codings other than exactly one "chunked".
      {kGet, "Transfer-Encoding: chunked, identity", kNotChunked},
      {kPost, "Transfer-Encoding: identity, chunked", kNotChunked},
      {kPost, "Transfer-Encoding: gzip, chunked", kNotChunked},
      {kPost, "Transfer-Encoding: chunked, chunked", kNotChunked},
      {kPost, "Transfer-Encoding: chunked,", kNotChunked},
      {kPost, "Transfer-Encoding: ,chunked", kNotChunked},
      {kPost, "Transfer-Encoding: chunked;q=1", kNotChunked},
      {kPost, "Transfer-Encoding: chunked x", kNotChunked},
      {kPost, "Transfer-Encoding: xchunked", kNotChunked},
      {kPost, "Transfer-Encoding: chunke", kNotChunked},
      {kPost, "Transfer-Encoding: \"chunked\"", kNotChunked},
      {kPost, "Transfer-Encoding: 'chunked'", kNotChunked},
      {kPost, "Transfer-Encoding: gzip", kNotChunked},
      {kPost, "Transfer-Encoding: identity", kNotChunked},
      {kPost, "Transfer-Encoding: x", kNotChunked},
      {kPost, "Transfer-Encoding:", kNotChunked},
      {kPost,
       "Transfer-Encoding: gzip\r\n"
       "Transfer-Encoding: chunked",
       kNotChunked},
      {kPost,
       "Transfer-Encoding: identity\r\n"
       "Transfer-Encoding: identity",
       kNotChunked},
      {kPost,
       "Transfer-Encoding: chunked\r\n"
       "Transfer-Encoding: identity",
       kBadTransferEncoding},
      {kPost,
       "Transfer-Encoding: chunked\r\n"
       "Transfer-Encoding: chunked",
       kBadTransferEncoding},
      {kPost,
       "Transfer-Encoding: \x0b"
       "chunked",
       kBadValue},
      // Two statements about the length.
      {kPost,
       "Transfer-Encoding: chunked\r\n"
       "Content-Length: 5",
       kBadContentLength},
      {kPost,
       "Content-Length: 5\r\n"
       "Transfer-Encoding: chunked",
       kBadTransferEncoding},
      {kPost,
       "Transfer-Encoding: identity\r\n"
       "Content-Length: 5",
       kBesideLength},
      {kGet,
       "Transfer-Encoding: identity\r\n"
       "Content-Length: 0",
       kBesideLength},
      {kPost,
       "Content-Length: 5\r\n"
       "Content-Length: 5",
       kNotOneNumber},
      {kPost,
       "Content-Length: 5\r\n"
       "Content-Length: 6",
       "parser: multiple Content-Length"},
      {kPost, "Content-Length: 5, 5", kNotOneNumber},
      // HTTP/1.0 has no chunks.
      {kOldPost, "Transfer-Encoding: chunked", kOld},
      {kOldGet, "Transfer-Encoding: chunked", kOld},
      {kOldGet, "Transfer-Encoding: identity", kOld},
      // Lengths that are none.
      {kPost, "Content-Length: -1", kBadContentLength},
      {kPost, "Content-Length: +1", kBadContentLength},
      {kPost, "Content-Length: 0x10", kBadContentLength},
      {kPost, "Content-Length: 1e3", kBadContentLength},
      {kPost, "Content-Length: 1 1", kBadContentLength},
      {kPost, "Content-Length: \"1\"", kBadContentLength},
      {kPost, "Content-Length: 5,", kBadContentLength},
      {kPost, "Content-Length:", kBadContentLength},
      {kPost, "Content-Length: 18446744073709551616", kBadContentLength},
      // Fields that parsers disagree about.
      {kPost, "Content-Length : 5", kBadField},
      {kPost, "Transfer-Encoding\t: chunked", kBadField},
      {kPost, " Content-Length: 5", "folded"},
      {kPost,
       "Transfer-Encoding:\r\n"
       " chunked",
       "folded"},
      {kPost,
       "X: y\r\n"
       "\tContent-Length: 5",
       "folded"},
      {kPost, "X: y\nContent-Length: 5", kBadValue},
      {kPost, "X: y\rContent-Length: 5", "parser: bad line ending"},
      {kPost, std::string_view("X: y\0z", 6), kBadValue},
  };
  for (const Framing& framing : kTable) EXPECT_EQ(Verdict(Header(framing)), framing.verdict) << Header(framing);
}

TEST(JudgeHeader, HostMustStandThereOnce) {
  constexpr std::string_view kOneHost = "there must be one Host field";
  EXPECT_EQ(Verdict("GET / HTTP/1.1\r\n\r\n"), kOneHost);
  EXPECT_EQ(Verdict("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"), kOneHost);
  EXPECT_EQ(Verdict("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"), kOneHost);
  EXPECT_EQ(Verdict("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), "next request");
  EXPECT_EQ(Verdict("GET / HTTP/1.0\r\n\r\n"), "next request");
}

TEST(JudgeHeader, HostIsAHost) {
  for (const char* host : {"", "a", "A.example:9992", "[::1]:9992", "127.0.0.1", "a_b-c~d", "x%20y", "09az"}) {
    EXPECT_EQ(Verdict("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n"), "next request") << host;
  }
  for (const char* host :
       {"a b", "a/b", "a@b", "a?b", "a#b", "a\\b", "\"a\"", "<a>", "a\tb", "a, b", "\xc3\xa9", "^", "`", "{", "|"}) {
    for (const char* version : {"1.0", "1.1"}) {
      EXPECT_EQ(Verdict("GET / HTTP/" + std::string(version) + "\r\nHost: " + host + "\r\n\r\n"),
                "the Host field names no host")
          << host;
    }
  }
}

TEST(HasFoldedField, OnlyALineThatBeginsWithASpaceOrTabFolds) {
  EXPECT_TRUE(HasFoldedField("A: b\r\n c\r\n"));
  EXPECT_TRUE(HasFoldedField("A: b\r\n\tc\r\n"));
  EXPECT_FALSE(HasFoldedField("A: b\r\nC: d\r\n\r\n"));
  EXPECT_FALSE(HasFoldedField("A:  b\t\r\n"));
}

TEST(ExpectsContinue, OnlyAClientOfHttp11ThatSaysSo) {
  const auto expects = [](const std::string& version, const std::string& field) {
    WireParser parser;
    beast::error_code error;
    parser.put(boost::asio::buffer("POST / HTTP/" + version + "\r\nHost: h\r\n" + field + "\r\n"), error);
    EXPECT_FALSE(error);
    return ExpectsContinue(parser.get());
  };
  EXPECT_TRUE(expects("1.1", "Expect: 100-continue\r\n"));
  EXPECT_TRUE(expects("1.1", "expect: 100-Continue\r\n"));
  EXPECT_FALSE(expects("1.0", "Expect: 100-continue\r\n"));
  EXPECT_FALSE(expects("1.1", "Expect: 200-ok\r\n"));
  EXPECT_FALSE(expects("1.1", ""));
}

}  // namespace
}  // namespace mqueue::http
