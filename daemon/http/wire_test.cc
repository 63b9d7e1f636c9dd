#include "daemon/http/wire.h"

#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <memory>
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

TEST(ToRequest, TargetOfAnotherFormHasNoPath) {
  EXPECT_EQ(ToRequest(Parsed("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n")).path, "");
  EXPECT_EQ(ToRequest(Parsed("CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n")).path, "");
}

TEST(ToRequest, FieldsOfOneNameAreOneList) {
  const auto request = ToRequest(Parsed("GET / HTTP/1.1\r\nHost: h\r\nAccept: a/b\r\nAccept: c/d\r\n\r\n"));
  EXPECT_EQ(request.accept, "a/b, c/d");
}

TEST(RefuseRequest, HostMustStandThereOnce) {
  EXPECT_TRUE(RefuseRequest(Parsed("GET / HTTP/1.1\r\n\r\n")));
  EXPECT_TRUE(RefuseRequest(Parsed("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")));
  EXPECT_FALSE(RefuseRequest(Parsed("GET / HTTP/1.1\r\nHost: a\r\n\r\n")));
  EXPECT_FALSE(RefuseRequest(Parsed("GET / HTTP/1.0\r\n\r\n")));
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

TEST(ToWire, HeadHasTheLengthAndNotTheBody) {
  const Response response = With("m 1\n");
  const auto wire = ToWire(response, {.head = true});
  EXPECT_EQ(wire[field::content_length], "4");
  EXPECT_EQ(wire.body().size(), 0);
}

TEST(ToWire, ResponseWithoutBodyHasLengthZero) {
  EXPECT_EQ(ToWire({.status = 403}, {.accept_encoding = "gzip"})[field::content_length], "0");
}

}  // namespace
}  // namespace mqueue::http
