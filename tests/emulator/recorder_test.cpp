// Recordings: what is in them, read back by the reader of recordings, and what becomes of them where the disk is none.
#include "textlambda/emulator/recorder.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "textlambda/io/error.h"
#include "textlambda/recording/reader.h"

#include "tests/catch.h"
#include "tests/temporary_folder.h"

using namespace textlambda;
using namespace textlambda::emulator;
using std::chrono::microseconds;
namespace fs = std::filesystem;

namespace {

// date -u -d 2026-11-03T10:22:00Z +%s: 1793701320
RecordedInvocation sample_call(const std::string& id = "3c1f", microseconds after = microseconds(123'456)) {
  RecordedInvocation call;
  call.function = "classify";
  call.function_arn = "arn:aws:lambda:us-east-1:012345678912:function:classify";
  call.request_id = id;
  call.event = R"({"text" : "a", "n": 1.50})";
  call.response = R"({"label":"x"})";
  call.arrived = std::chrono::system_clock::time_point(std::chrono::seconds(1'793'701'320)) + after;
  call.duration = microseconds(1'500);
  return call;
}

std::vector<recording::Recording> read_back(const std::string& folder) {
  std::vector<recording::Recording> all;
  recording::Reader({folder}, {}).read([&](recording::Recording&& one) {
    all.push_back(std::move(one));
    return true;
  });
  return all;
}

unsigned mode_of(const fs::path& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

std::size_t files_below(const fs::path& folder) {
  std::size_t count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) count += entry.is_regular_file() ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("the text of a recording") {
  RecordedInvocation call = sample_call();
  CHECK(recording_name(call) == "20261103T102200.123456Z-3c1f.json");
  CHECK(recording_text(call) ==
        R"({"event":{"text" : "a", "n": 1.50},"response":{"label":"x"},"context":{"request_id":"3c1f",)"
        R"("function_arn":"arn:aws:lambda:us-east-1:012345678912:function:classify"},)"
        R"("time":"2026-11-03T10:22:00.123456Z","duration_ms":1.5,"request_id":"3c1f"})"
        "\n");
  call.init = microseconds(7'250);
  call.client_context = R"({"custom":{}})";
  call.trace_id = "Root=1-2-3";
  call.response.reset();
  CHECK(recording_text(call) ==
        R"({"event":{"text" : "a", "n": 1.50},"context":{"request_id":"3c1f",)"
        R"("function_arn":"arn:aws:lambda:us-east-1:012345678912:function:classify","trace_id":"Root=1-2-3",)"
        R"("client_context":"{\"custom\":{}}"},)"
        R"("time":"2026-11-03T10:22:00.123456Z","duration_ms":1.5,"init_ms":7.25,"request_id":"3c1f"})"
        "\n");
}

TEST_CASE("an answer that is no JSON is left out, a byte order mark too") {
  RecordedInvocation call = sample_call();
  for (const char* const bad : {"", "plain text", "{\"a\":", "<html>"}) {
    CAPTURE(bad);
    call.response = bad;
    CHECK(recording_text(call).find("response") == std::string::npos);
  }
  call.response = "\xEF\xBB\xBFnull";
  call.event = "\xEF\xBB\xBF[1]";
  CHECK(recording_text(call).starts_with(R"({"event":[1],"response":null,"context")"));
}

TEST_CASE("which errors are the function's answer") {
  for (const char* const own : {"", "Told", "Runtime.UnmarshalError", "Model.Missing"}) CHECK(is_function_answer(own));
  for (const char* const none : {"Sandbox.Timedout", "Runtime.ExitError", "Function.ResponseSizeTooLarge"}) {
    CHECK_FALSE(is_function_answer(none));
  }
}

TEST_CASE("names sort by time, and are no paths") {
  const std::string early = recording_name(sample_call("z", microseconds(999)));
  const std::string late = recording_name(sample_call("a", microseconds(1'000)));
  CHECK(early < late);
  CHECK(recording_name(sample_call("../../x/y", {})) == "20261103T102200.000000Z-______x_y.json");
  CHECK(recording_name(sample_call("", {})) == "20261103T102200.000000Z-_.json");
}

TEST_CASE("what is recorded is read back") {
  const TemporaryFolder scratch;
  const std::string folder = scratch.path("new/recorded");
  Recorder recorder(folder, {});
  for (int i = 0; i < 50; ++i) recorder.record(sample_call("id-" + std::to_string(i), microseconds(i)));
  RecordedInvocation other = sample_call("id-50");
  other.function = "../other";
  recorder.record(other);
  recorder.finish();
  CHECK(recorder.counts().written == 51);
  CHECK(recorder.counts().lost == 0);
  CHECK(recorder.take_notice().empty());

  const std::vector<recording::Recording> all = read_back(folder + "/classify");
  REQUIRE(all.size() == 50);
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(all[i].bad_reason.empty());
    CHECK(all[i].wrapped);
    CHECK(all[i].event == sample_call().event);
    CHECK(all[i].response == R"({"label":"x"})");
    CHECK(all[i].context->find("\"id-" + std::to_string(i) + '"') != std::string::npos);
    CHECK(all[i].duration_ms == "1.5");
  }
  CHECK(files_below(folder) == 51);  // and nothing half done
  CHECK(fs::exists(folder + "/___other"));

  // Nobody else's to read, whatever the umask.
  CHECK(mode_of(folder) == 0700);
  CHECK(mode_of(folder + "/classify") == 0700);
  for (const auto& entry : fs::directory_iterator(folder + "/classify")) CHECK(mode_of(entry.path()) == 0600);
}

TEST_CASE("no more files than asked for") {
  const TemporaryFolder scratch;
  Recorder recorder(scratch.path("recorded"), {.most_files = 3});
  for (int i = 0; i < 10; ++i) recorder.record(sample_call("id", microseconds(i)));
  recorder.finish();
  CHECK(recorder.counts().written == 3);
  CHECK(recorder.counts().left_out == 7);
  CHECK(recorder.take_notice() == "3 recordings are written, what comes after them is left out");
  CHECK(recorder.take_notice().empty());
  CHECK(files_below(scratch.path("recorded")) == 3);
}

TEST_CASE("a disk that takes nothing is told once, and leaves nothing half written") {
  const TemporaryFolder scratch;
  ::signal(SIGXFSZ, SIG_IGN);
  struct rlimit before {};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  Recorder recorder(scratch.path("recorded"), {});
  recorder.record(sample_call("small"));
  RecordedInvocation large = sample_call("large");
  large.event = '"' + std::string(100'000, 'x') + '"';
  const struct rlimit narrow { 50'000, before.rlim_max };
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &narrow) == 0);
  for (int i = 0; i < 3; ++i) recorder.record(large);
  recorder.record(sample_call("small too"));  // there may be room again
  recorder.finish();
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  CHECK(recorder.counts().written == 2);
  CHECK(recorder.counts().lost == 3);
  const std::string notice = recorder.take_notice();
  CAPTURE(notice);
  CHECK(notice.starts_with("a recording is lost, and others may be: "));
  CHECK(notice.find("File too large") != std::string::npos);
  CHECK(recorder.take_notice().empty());
  CHECK(files_below(scratch.path("recorded")) == 2);
}

TEST_CASE("what waits for the disk is bounded") {
  const TemporaryFolder scratch;
  Recorder recorder(scratch.path("recorded"), {.most_waiting_bytes = 1});
  for (int i = 0; i < 500; ++i) recorder.record(sample_call("id", microseconds(i)));
  recorder.finish();
  // One may always wait; how many of the others find it gone is the disk's business.
  CHECK(recorder.counts().written >= 1);
  CHECK(recorder.counts().written + recorder.counts().lost == 500);
  CHECK(files_below(scratch.path("recorded")) == recorder.counts().written);
}

TEST_CASE("a folder that cannot be one is told at once") {
  const TemporaryFolder scratch;
  const std::string file = scratch.path("file");
  std::ofstream(file) << "x";
  CHECK_THROWS_AS(Recorder(file, {}), io::Error);
  CHECK_THROWS_AS(Recorder(file + "/below", {}), io::Error);
  CHECK_THROWS_AS(Recorder("/proc/none", {}), io::Error);
}
