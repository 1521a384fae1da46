// Where credentials come from, in which order, and for how long.
#include "textlambda/aws/credentials.h"

#include <string>
#include <thread>
#include <vector>

#include "textlambda/io/error.h"

#include "tests/aws/surroundings_of_a_test.h"
#include "tests/catch.h"
#include "tests/http/scripted_server.h"
#include "tests/temporary_folder.h"

namespace textlambda::aws {
namespace {

std::string container_answer(const std::string& id, const std::string& expiry) {
  return http_response("200 OK", R"({"RoleArn":"arn:aws:iam::1:role/x","AccessKeyId":")" + id +
                                     R"(","SecretAccessKey":"S","Token":"T","Expiration":")" + expiry + R"("})");
}

TEST_CASE("variables come first, then the profile") {
  const TemporaryFolder folder;
  TestSurroundings test;
  test.variables["AWS_SHARED_CREDENTIALS_FILE"] = folder.write(
      "credentials", "[default]\naws_access_key_id = FILE\naws_secret_access_key = S\naws_session_token = T\n");
  CredentialSource of_file(test.get(), read_profile(test.get()));
  CHECK(of_file.get().access_key_id == "FILE");
  CHECK(of_file.get().session_token == "T");
  CHECK_FALSE(of_file.forget());
  test.variables["AWS_ACCESS_KEY_ID"] = "VARIABLE";
  CredentialSource half(test.get(), read_profile(test.get()));
  CHECK_THROWS_WITH(half.get(), "AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not");
  test.variables["AWS_SECRET_ACCESS_KEY"] = "S";
  CredentialSource of_variables(test.get(), read_profile(test.get()));
  CHECK(of_variables.get().access_key_id == "VARIABLE");
  CHECK(of_variables.get().session_token.empty());
}

TEST_CASE("kinds that are not supported are told by name, with what to do") {
  const TemporaryFolder folder;
  struct Case {
    const char* content;
    const char* message;
  };
  for (const Case& each : std::vector<Case>{
           {"[default]\nsso_session = mine\n",
            "config:2: the profile \"default\" has SSO here, which is not supported"},
           {"[default]\nregion = x\nrole_arn = r\nsource_profile = p\n",
            "config:3: the profile \"default\" has a role"},
           {"[default]\nrole_arn = r\naws_access_key_id = A\naws_secret_access_key = S\n", "a role to assume"},
           {"[default]\ncredential_process = /bin/p\n", "a process that gives credentials"},
           {"[default]\naws_access_key_id = A\n", "has aws_access_key_id and no aws_secret_access_key"},
           {"[default]\naws_secret_access_key = A\n", "has aws_secret_access_key and no aws_access_key_id"},
           {"", "no AWS credentials: neither AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, nor"}}) {
    INFO(each.content);
    TestSurroundings test;
    test.variables["AWS_CONFIG_FILE"] = folder.write("config", each.content);
    CredentialSource source(test.get(), read_profile(test.get()));
    CHECK_THROWS_WITH(source.get(), Catch::Matchers::Contains(each.message));
  }
  TestSurroundings web;
  web.variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/var/run/token";
  CredentialSource source(web.get(), read_profile(web.get()));
  CHECK_THROWS_WITH(source.get(), Catch::Matchers::Contains("aws configure export-credentials"));
}

TEST_CASE("a container's endpoint is asked once, and again before its credentials expire") {
  const TemporaryFolder folder;
  ScriptedServer server({{{.bytes = container_answer("ONE", "2015-08-30T13:36:00Z")}},
                         {{.bytes = http_response("503 Busy", "")}},
                         {{.bytes = container_answer("TWO", "2015-08-30T14:36:00Z")}},
                         {{.bytes = container_answer("THREE", "2015-08-30T15:36:00Z")}}});
  TestSurroundings test;
  test.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] =
      "http://127.0.0.1:" + std::to_string(server.port()) + "/v2/credentials?id=7";
  test.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "not this";
  test.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = folder.write("token", "Basic abc\n");
  CredentialSource source(test.get(), read_profile(test.get()));
  CHECK(source.get().access_key_id == "ONE");
  CHECK(source.get().session_token == "T");
  test.now += std::chrono::minutes(54);
  CHECK(source.get().access_key_id == "ONE");
  test.now += std::chrono::minutes(1);  // five are left
  CHECK(source.get().access_key_id == "TWO");
  CHECK(test.sleeps == std::vector<std::chrono::milliseconds>{std::chrono::milliseconds(500)});
  CHECK(source.forget());
  CHECK(source.get().access_key_id == "THREE");
  CHECK(server.requests().front().find("GET /v2/credentials?id=7 HTTP/1.1\r\n") == 0);
  CHECK(server.requests().front().find("\r\nAuthorization: Basic abc\r\n") != std::string::npos);
}

TEST_CASE("several threads ask a container's endpoint once", "[threads]") {
  ScriptedServer server({{{.bytes = container_answer("ONE", "2015-08-30T13:36:00Z")}}});
  TestSurroundings test;
  test.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://127.0.0.1:" + std::to_string(server.port()) + "/";
  CredentialSource source(test.get(), read_profile(test.get()));
  std::vector<std::string> found(4);
  std::vector<std::thread> threads;
  for (std::string& id : found) threads.emplace_back([&] { id = source.get().access_key_id; });
  for (std::thread& thread : threads) thread.join();
  CHECK(found == std::vector<std::string>(4, "ONE"));
}

TEST_CASE("an endpoint that is nobody's, or answers with something else") {
  TestSurroundings test;
  test.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://example.com/credentials";
  CredentialSource far(test.get(), read_profile(test.get()));
  CHECK_THROWS_WITH(far.get(), Catch::Matchers::Contains("expected https, or this machine"));
  test.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://127.example.com/credentials";
  CredentialSource disguised(test.get(), read_profile(test.get()));
  CHECK_THROWS_WITH(disguised.get(), Catch::Matchers::Contains("expected https, or this machine"));
  struct Case {
    std::string answer;
    const char* message;
  };
  for (const Case& each : std::vector<Case>{
           {http_response("404 Not Found", ""), "answered with status 404"},
           {http_response("200 OK", "<html>"), "answered with something else than JSON"},
           {http_response("200 OK", R"({"AccessKeyId":"A"})"), "answered with something else than JSON"}}) {
    ScriptedServer server({{{.bytes = each.answer}}});
    test.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://127.0.0.1:" + std::to_string(server.port()) + "/";
    CredentialSource source(test.get(), read_profile(test.get()));
    CHECK_THROWS_WITH(source.get(), Catch::Matchers::Contains(each.message));
  }
}

}  // namespace
}  // namespace textlambda::aws
