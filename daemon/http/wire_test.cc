#include "daemon/http/wire.h"

#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <ctime>
#include <memory>
#include <optional>
#include <string>

namespace mqueue::http {
namespace {

namespace beast = boost::beast;
using beast::http::field;

// The request that `bytes` are; fails the test when they are none.
WireRequest Parsed(const std::string& bytes) {
  WireParser parser;
  parser.eager(true);
  beast::error_code error;
  parser.put(boost::asio::buffer(bytes), error);
  EXPECT_FALSE(error) << error.message();
  EXPECT_TRUE(parser.is_done());
  return parser.release();
}

Response With(std::string text) {
  return {.content_type = "text/plain", .body = std::make_shared<const Body>(std::move(text))};
}

TEST(ToRequest, TargetIsTakenApart) {
  const auto request = ToRequest(Parsed("GET /metrics?a=b?c HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.path, "/metrics");
  EXPECT_EQ(request.query, "a=b?c");
}

TEST(ToRequest, AbsoluteFormIsUnderstood) {
  EXPECT_EQ(ToRequest(Parsed("GET http://h:1/metrics?x HTTP/1.1\r\nHost: h\r\n\r\n")).path, "/metrics");
  EXPECT_EQ(ToRequest(Parsed("GET http://h HTTP/1.1\r\nHost: h\r\n\r\n")).path, "/");
}

TEST(ToRequest, SchemeWithinAPathIsPartOfThePath) {
  EXPECT_EQ(ToRequest(Parsed("GET /a://b/c HTTP/1.1\r\nHost: h\r\n\r\n")).path, "/a://b/c");
  EXPECT_EQ(ToRequest(Parsed("GET http://h?x HTTP/1.1\r\nHost: h\r\n\r\n")).path, "/");
  EXPECT_EQ(ToRequest(Parsed("GET /? HTTP/1.1\r\nHost: h\r\n\r\n")).query, "");
}

TEST(ToRequest, TargetOfAnotherFormHasNoPath) {
  EXPECT_EQ(ToRequest(Parsed("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n")).path, "");
  EXPECT_EQ(ToRequest(Parsed("CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n")).path, "");
}

TEST(ToRequest, FieldsOfOneNameAreOneList) {
  const auto request = ToRequest(Parsed("GET / HTTP/1.1\r\nHost: h\r\nAccept: a/b\r\nAccept: c/d\r\n\r\n"));
  EXPECT_EQ(request.accept, "a/b, c/d");
  const auto other =
      ToRequest(Parsed("GET / HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\nAuthorization: x\r\n\r\n"));
  EXPECT_EQ(other.accept, "");
  EXPECT_EQ(other.accept_encoding, "gzip");
  EXPECT_EQ(other.authorization, "x");
}

// What the parser says of a chunked body.
beast::error_code ErrorOfBody(const std::string& body, std::optional<std::size_t> limit = std::nullopt) {
  WireParser parser;
  beast::error_code error;
  PrepareForHeader(parser, {});
  parser.put(boost::asio::buffer(std::string("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")), error);
  EXPECT_FALSE(error) << error.message();
  PrepareForBody(parser, limit);
  parser.put(boost::asio::buffer(body), error);
  EXPECT_NE(parser.is_done(), error.failed());
  return error;
}

TEST(PrepareForHeader, ParserStopsAtTheEndOfTheHeader) {
  WireParser parser;
  beast::error_code error;
  PrepareForHeader(parser, {.max_body_bytes = 1});
  const std::string header = "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n";
  EXPECT_EQ(parser.put(boost::asio::buffer(header + "12345"), error), header.size());
  EXPECT_FALSE(error) << error.message();
  EXPECT_TRUE(parser.is_header_done());
  EXPECT_FALSE(parser.is_done());
}

TEST(PrepareForHeader, LongerHeaderIsAnError) {
  const std::string header = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  // The parser counts the request line apart from the fields.
  for (const std::size_t limit : {header.size(), std::size_t{10}}) {
    WireParser parser;
    beast::error_code error;
    PrepareForHeader(parser, {.max_header_bytes = limit});
    parser.put(boost::asio::buffer(header), error);
    EXPECT_EQ(error == beast::http::error::header_limit, limit < header.size()) << error.message();
  }
}

TEST(PrepareForBody, WellFormedChunksAreRead) {
  EXPECT_FALSE(ErrorOfBody("5\r\n12345\r\n0\r\n\r\n"));
  EXPECT_FALSE(ErrorOfBody("5;a=b;c=\"d e\tf~\x80\"\r\n12345\r\n0\r\nTrailer: x\r\n\r\n"));
}

TEST(PrepareForBody, ControlCharacterInAChunkExtensionIsAnError) {
  for (const char* extension : {"a=\"\n\"", "a=\"\x01\"", "a=\"\x1f\"", "a=\"\x7f\"", "a=\"\\\n\"", "a\n"}) {
    const std::string extended = ";" + std::string(extension) + "\r\n";
    EXPECT_EQ(ErrorOfBody("5" + extended + "12345\r\n0\r\n\r\n"), beast::http::error::bad_chunk_extension) << extension;
    EXPECT_EQ(ErrorOfBody("5\r\n12345\r\n0" + extended + "\r\n"), beast::http::error::bad_chunk_extension) << extension;
  }
}

TEST(PrepareForBody, LimitIsThatOfAllChunksTogether) {
  const std::string body = "3\r\n123\r\n2\r\n45\r\n0\r\n\r\n";
  EXPECT_FALSE(ErrorOfBody(body, 5));
  EXPECT_FALSE(ErrorOfBody(body));
  EXPECT_EQ(ErrorOfBody(body, 4), beast::http::error::body_limit);
}

TEST(RefuseBytes, StatusFitsTheLimit) {
  EXPECT_EQ(RefuseBytes(beast::http::error::header_limit).status, 431);
  EXPECT_EQ(RefuseBytes(beast::http::error::buffer_overflow).status, 431);
  EXPECT_EQ(RefuseBytes(beast::http::error::body_limit).status, 413);
  EXPECT_EQ(RefuseBytes(beast::http::error::bad_method).status, 400);
}

TEST(ToWire, BodyIsNotCopied) {
  const Response response = With("m 1\n");
  const auto wire = ToWire(response, {.keep_alive = true});
  EXPECT_EQ(wire.body().data(), response.body->bytes().data());
  EXPECT_EQ(wire[field::content_length], "4");
  EXPECT_EQ(wire[field::content_type], "text/plain");
}

TEST(ToWire, LargeBodyIsCompressedForWhoeverAsks) {
  const Response response = With(std::string(5000, 'x'));
  const auto wire = ToWire(response, {.accept_encoding = "gzip", .min_gzip_bytes = 1000});
  EXPECT_EQ(wire[field::content_encoding], "gzip");
  EXPECT_EQ(wire[field::vary], "Accept-Encoding");
  EXPECT_EQ(wire.body().data(), response.body->gzip().data());
}

TEST(ToWire, WhatIsNotAskedForOrSmallIsSentAsItIs) {
  const Response response = With(std::string(5000, 'x'));
  EXPECT_EQ(ToWire(response, {.accept_encoding = "gzip;q=0", .min_gzip_bytes = 1000})[field::content_encoding], "");
  EXPECT_EQ(ToWire(response, {.accept_encoding = "gzip", .min_gzip_bytes = 5001})[field::content_encoding], "");
}

TEST(ToWire, BodyOfTheLeastSizeIsCompressedAndWhoDoesNotAskIsToldThatOthersMay) {
  const Response response = With(std::string(5000, 'x'));
  EXPECT_EQ(ToWire(response, {.accept_encoding = "gzip", .min_gzip_bytes = 5000})[field::content_encoding], "gzip");
  const auto plain = ToWire(response, {.min_gzip_bytes = 5000});
  EXPECT_EQ(plain[field::content_encoding], "");
  EXPECT_EQ(plain[field::vary], "Accept-Encoding");
  EXPECT_EQ(plain[field::content_length], "5000");
  EXPECT_EQ(ToWire(response, {.min_gzip_bytes = 5001}).count(field::vary), 0);
}

TEST(ToWire, CompressedBodyHasItsOwnLength) {
  const Response response = With(std::string(5000, 'x'));
  const auto wire = ToWire(response, {.accept_encoding = "gzip"});
  EXPECT_EQ(wire[field::content_length], std::to_string(response.body->gzip().size()));
}

TEST(ToWire, StatusVersionAndFieldsAreThoseOfTheAnswer) {
  Response response = With("m 1\n");
  response.status = 405;
  response.fields = {{"Vary", "Accept"}, {"Allow", "GET"}};
  const auto wire = ToWire(response, {.version = 10, .keep_alive = false});
  EXPECT_EQ(wire.result_int(), 405);
  EXPECT_EQ(wire.version(), 10);
  EXPECT_FALSE(wire.keep_alive());
  EXPECT_TRUE(ToWire(response, {.keep_alive = true}).keep_alive());
  EXPECT_EQ(wire["Allow"], "GET");
  // The server's own field comes beside it.
  EXPECT_EQ(wire.count(field::vary), 2);
}

TEST(ToWire, DateIsNow) {
  const auto wire = ToWire({}, {});
  const std::string date(wire[field::date]);
  std::tm utc{};
  const char* end = ::strptime(date.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
  ASSERT_NE(end, nullptr) << date;
  EXPECT_EQ(*end, '\0') << date;
  EXPECT_EQ(date.size(), 29) << date;
  EXPECT_NEAR(static_cast<double>(::timegm(&utc)), static_cast<double>(std::time(nullptr)), 3600);
}

TEST(ToWire, HeadHasTheLengthAndNotTheBody) {
  const Response response = With("m 1\n");
  const auto wire = ToWire(response, {.head = true});
  EXPECT_EQ(wire[field::content_length], "4");
  EXPECT_EQ(wire.body().size(), 0);
}

TEST(ToWire, ResponseWithoutBodyHasLengthZero) {
  EXPECT_EQ(ToWire({.status = 403}, {.accept_encoding = "gzip"})[field::content_length], "0");
}

TEST(ToWire, NoContentHasNoLength) {
  EXPECT_EQ(ToWire({.status = 204}, {}).count(field::content_length), 0);
  EXPECT_EQ(ToWire({.status = 205}, {}).count(field::content_length), 1);
}

}  // namespace
}  // namespace mqueue::http
