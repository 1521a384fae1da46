// usage: bench_handler_latency MODEL TEXTS
//
// Prints, as one JSON object, the median time in microseconds of a handler call on a text of 200 bytes: the whole call
// from event bytes to answer bytes (direct and SNS), and what is left without reading and writing JSON (the text alone,
// classified). TEXTS is a file with a text a line; lines are joined and cut to 200 bytes, so that the texts are
// ordinary ones.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "textlambda/lambda/handler.h"
#include "textlambda/text/utf8.h"

namespace {

using namespace textlambda;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kTextBytes = 200;
constexpr std::size_t kTexts = 500;
constexpr int kRounds = 41;

std::vector<std::string> read_texts(const char* path) {
  std::vector<std::string> texts;
  std::ifstream file(path);
  std::string text;
  for (std::string line; texts.size() < kTexts && std::getline(file, line);) {
    if (!text.empty()) text += ' ';
    text += line;
    if (text.size() < kTextBytes) continue;
    text.resize(kTextBytes);
    text.resize(text::valid_utf8_prefix(text));
    text.resize(kTextBytes, '.');
    texts.push_back(text);
    text.clear();
  }
  return texts;
}

// The median over the texts of each one's median over the rounds.
template <typename Call>
double median_microseconds(const std::vector<std::string>& inputs, Call&& call) {
  std::vector<double> medians;
  for (const std::string& input : inputs) {
    std::vector<double> times;
    for (int round = 0; round < kRounds; ++round) {
      const Clock::time_point start = Clock::now();
      call(input);
      times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
    }
    std::nth_element(times.begin(), times.begin() + kRounds / 2, times.end());
    medians.push_back(times[kRounds / 2]);
  }
  const auto middle = medians.begin() + static_cast<std::ptrdiff_t>(medians.size() / 2);
  std::nth_element(medians.begin(), middle, medians.end());
  return *middle;
}

std::string direct_event(const std::string& text) { return nlohmann::json{{"text", text}}.dump(); }

// About 1 KB, as SNS sends it.
std::string sns_event(const std::string& text) {
  const nlohmann::json sns = {
      {"Type", "Notification"},
      {"MessageId", "52ed5e3d-5fff-56bf-923d-0e5c3b503c2a"},
      {"TopicArn", "arn:aws:sns:eu-central-1:123456789012:reviews"},
      {"Subject", nullptr},
      {"Message", text},
      {"Timestamp", "2026-05-01T12:00:00.150Z"},
      {"SignatureVersion", "1"},
      {"Signature", std::string(344, 'S')},
      {"SigningCertUrl", "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService.pem"},
      {"UnsubscribeUrl", "https://sns.eu-central-1.amazonaws.com/?Action=Unsubscribe"},
      {"MessageAttributes", nlohmann::json::object()}};
  return nlohmann::json{{"Records",
                         {{{"EventSource", "aws:sns"},
                           {"EventVersion", "1.0"},
                           {"EventSubscriptionArn", "arn:aws:sns:eu-central-1:123456789012:reviews:fdaa4474"},
                           {"Sns", sns}}}}}
      .dump();
}

void measure(const char* model_path, const char* texts_path) {
  const auto classifier = model::Classifier::load(model_path);
  const lambda::Handler handler(classifier);
  model::Scratch scratch;
  const std::vector<std::string> texts = read_texts(texts_path);
  if (texts.empty()) throw std::runtime_error("no text of 200 bytes in " + std::string(texts_path));
  std::vector<std::string> direct;
  std::vector<std::string> sns;
  for (const std::string& text : texts) {
    direct.push_back(direct_event(text));
    sns.push_back(sns_event(text));
  }
  const auto handle = [&](const std::string& event) {
    lambda::Invocation invocation;
    invocation.event = event;
    if (!handler.handle(invocation, scratch).ok) throw std::runtime_error("an event failed");
  };
  const double bare = median_microseconds(texts, [&](const std::string& text) { classifier.predict(text, scratch); });
  const double whole = median_microseconds(direct, handle);
  const double whole_sns = median_microseconds(sns, handle);
  std::printf("{\"texts\": %zu, \"without_json\": %.2f, \"direct\": %.2f, \"sns\": %.2f, \"sns_event_bytes\": %zu}\n",
              texts.size(), bare, whole, whole_sns, sns[0].size());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: bench_handler_latency MODEL TEXTS\n", stderr);
    return 2;
  }
  try {
    measure(argv[1], argv[2]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_handler_latency: %s\n", error.what());
    return 5;
  }
  return 0;
}
