#include "textlambda/emulator/recorder.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/json/write.h"
#include "textlambda/text/timestamp.h"
#include "textlambda/text/utf8.h"

namespace textlambda::emulator {
namespace {

// What stands here in the place of an answer, as Lambda has it there.
constexpr std::array<std::string_view, 6> kTypesOfNoAnswer = {
    "Sandbox.Timedout",    "Runtime.ExitError",  "Runtime.InvalidEntrypoint", "Function.ResponseSizeTooLarge",
    "Runtime.InitTimeout", "Runtime.OutOfMemory"};

// RFC 3339 to the microsecond: arrivals within a millisecond keep their order.
std::string arrival(std::chrono::system_clock::time_point moment) {
  const auto since = std::chrono::floor<std::chrono::microseconds>(moment.time_since_epoch());
  const auto whole = std::chrono::floor<std::chrono::milliseconds>(since);
  std::string text = text::rfc3339(whole.count());
  text.insert(text.size() - 1, fmt::format("{:03}", (since - whole).count()));
  return text;
}

// An answer may be any bytes; what is no JSON cannot stand in a recording.
bool is_json(std::string_view answer) {
  std::string buffer;
  return nlohmann::json::accept(text::repair_utf8(answer, buffer).text);
}

void add_member(std::string& out, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  if (out.back() != '{') out += ',';
  json::append_string(out, name);
  out += ':';
  json::append_string(out, text);
}

void add_milliseconds(std::string& out, std::string_view name, std::chrono::nanoseconds time) {
  out += ',';
  json::append_string(out, name);
  out += ':';
  json::append_number(out, static_cast<double>(time.count()) / 1e6);
}

// Fit to be a part of a path, whatever it was.
std::string plain_name(std::string_view text) {
  constexpr std::size_t kLongest = 100;
  std::string name;
  for (const char c : text.substr(0, kLongest)) {
    const bool plain =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    name += plain ? c : '_';
  }
  return name.empty() ? "_" : name;
}

void make_private_folder(const std::string& path) {
  std::error_code error;
  const std::filesystem::path above = std::filesystem::path(path).parent_path();
  if (!above.empty()) std::filesystem::create_directories(above, error);
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) io::throw_system("cannot make the folder", path, errno);
  if (!std::filesystem::is_directory(path, error)) io::throw_input("is no folder", path);
}

}  // namespace

// Takes recordings to the disk in the order in which they come.
class Recorder::Writer {
 public:
  Writer(std::string folder, std::size_t most_waiting_bytes)
      : folder_(std::move(folder)), most_waiting_bytes_(most_waiting_bytes), thread_([this] { run(); }) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() { finish(); }

  void put(RecordedInvocation invocation) {
    const std::size_t bytes = size_of(invocation);
    const std::lock_guard<std::mutex> lock(mutex_);
    if (waiting_bytes_ > 0 && waiting_bytes_ + bytes > most_waiting_bytes_) {
      lose("the disk does not keep up");
      return;
    }
    waiting_bytes_ += bytes;
    waiting_.push_back(std::move(invocation));
    changed_.notify_one();
  }

  void finish() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      finished_ = true;
      changed_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
  }

  RecorderCounts counts() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return {.written = written_, .left_out = 0, .lost = lost_};
  }
  // Why the first one was lost; empty: none was.
  std::string fault() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return fault_;
  }

 private:
  static std::size_t size_of(const RecordedInvocation& invocation) {
    constexpr std::size_t kRest = 1024;
    return kRest + invocation.event.size() + (invocation.response ? invocation.response->size() : 0);
  }

  void lose(const std::string& why) {
    ++lost_;
    if (fault_.empty()) fault_ = why;
  }

  void run() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return finished_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      RecordedInvocation invocation = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      const std::size_t bytes = size_of(invocation);
      const std::string why = write(invocation);
      invocation = {};
      lock.lock();
      waiting_bytes_ -= bytes;
      if (why.empty()) {
        ++written_;
      } else {
        lose(why);
      }
    }
  }

  // Why not; empty where it is written.
  std::string write(const RecordedInvocation& invocation) {
    try {
      const std::string folder = folder_ + "/" + plain_name(invocation.function);
      if (!folders_.contains(folder)) {
        make_private_folder(folder);
        if (folders_.size() < kMostFolders) folders_.insert(folder);
      }
      io::write_file(folder + "/" + recording_name(invocation), recording_text(invocation),
                     io::AtomicFileOptions{.mode = 0600, .durable = false});
    } catch (const std::exception& error) {
      return error.what();
    }
    return "";
  }

  static constexpr std::size_t kMostFolders = 1000;  // remembered, that is

  const std::string folder_;
  const std::size_t most_waiting_bytes_;
  std::set<std::string> folders_;  // the thread's own
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<RecordedInvocation> waiting_;
  std::size_t waiting_bytes_ = 0;  // with the one that is being written
  std::uint64_t written_ = 0;
  std::uint64_t lost_ = 0;
  std::string fault_;
  bool finished_ = false;
  std::thread thread_;  // the last, so that all else is there when it starts
};

bool is_function_answer(std::string_view error_type) {
  return std::find(kTypesOfNoAnswer.begin(), kTypesOfNoAnswer.end(), error_type) == kTypesOfNoAnswer.end();
}

Recorder::Recorder(std::string folder, RecorderOptions options) : options_(options) {
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  make_private_folder(folder);
  // What cannot be written to is told now, and not after the first invocation.
  io::AtomicFile probe(folder + "/probe.json", io::AtomicFileOptions{.mode = 0600, .durable = false});
  writer_ = std::make_unique<Writer>(std::move(folder), options.most_waiting_bytes);
}

Recorder::~Recorder() = default;

void Recorder::record(RecordedInvocation invocation) {
  if (options_.most_files && taken_ == *options_.most_files) {
    ++left_out_;
    return;
  }
  ++taken_;
  writer_->put(std::move(invocation));
}

std::string Recorder::take_notice() {
  if (!told_lost_) {
    if (const std::string fault = writer_->fault(); !fault.empty()) {
      told_lost_ = true;
      return "a recording is lost, and others may be: " + fault;
    }
  }
  if (left_out_ > 0 && !told_left_out_) {
    told_left_out_ = true;
    return fmt::format("{} recordings are written, what comes after them is left out", *options_.most_files);
  }
  return "";
}

void Recorder::finish() { writer_->finish(); }

RecorderCounts Recorder::counts() const {
  RecorderCounts counts = writer_->counts();
  counts.left_out = left_out_;
  return counts;
}

std::string recording_text(const RecordedInvocation& invocation) {
  std::string out = R"({"event":)";
  // The parser takes a byte order mark before an event; within a recording it is no JSON.
  out += text::without_byte_order_mark(invocation.event);
  if (invocation.response && is_json(*invocation.response)) {
    out += R"(,"response":)";
    out += text::without_byte_order_mark(*invocation.response);
  }
  out += R"(,"context":{)";
  add_member(out, "request_id", invocation.request_id);
  add_member(out, "function_arn", invocation.function_arn);
  add_member(out, "trace_id", invocation.trace_id);
  add_member(out, "client_context", invocation.client_context);
  out += R"(},"time":")" + arrival(invocation.arrived) + '"';
  add_milliseconds(out, "duration_ms", invocation.duration);
  if (invocation.init.count() > 0) add_milliseconds(out, "init_ms", invocation.init);
  if (invocation.memory_mb > 0) out += ",\"memory_mb\":" + std::to_string(invocation.memory_mb);
  out += R"(,"request_id":)";
  json::append_string(out, invocation.request_id);
  return out + "}\n";
}

std::string recording_name(const RecordedInvocation& invocation) {
  std::string name = arrival(invocation.arrived);
  std::erase_if(name, [](char c) { return c == '-' || c == ':'; });
  return name + "-" + plain_name(invocation.request_id) + ".json";
}

}  // namespace textlambda::emulator
