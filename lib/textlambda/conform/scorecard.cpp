#include "textlambda/conform/scorecard.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <exception>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/conform/deployment.h"
#include "textlambda/io/error.h"

namespace textlambda::conform {
namespace {

using Json = nlohmann::json;

bool is_wanted(const Options& options, const RowGroup& group) {
  return options.groups.empty() ||
         std::find(options.groups.begin(), options.groups.end(), group.name) != options.groups.end();
}

std::string without_qualifier(const std::string& arn) {
  std::size_t at = 0;
  for (int colons = 0; colons < 7; ++colons) {
    at = arn.find(':', at);
    if (at == std::string::npos) return arn;
    ++at;
  }
  return arn.substr(0, at - 1);
}

// Whether the function is the probe, and what it tells of itself.
Probe ping(const Session& session) {
  const http::Response answer = session.invoke(command("ping"));
  Judge judge("");
  const Json told = judge.answered(answer);
  if (judge.decided() || number_of(told, "textlambda_conform") != 1) {
    io::throw_input(fmt::format("{} is not the probe: {}; host conform-probe, or probe.mjs, under that name, or let "
                                "--deploy do it",
                                session.function(), judge.decided() ? judge.finding().got : summary(answer)),
                    session.options().target.endpoint.text());
  }
  return {.kind = string_of(told, "kind"),
          .memory_mb = static_cast<unsigned>(std::clamp(number_of(told, "memory_mb"), 0.0, 1e6)),
          .timeout_ms = static_cast<long>(std::clamp(number_of(told, "remaining_ms"), 0.0, 1e6)),
          .function_arn = without_qualifier(string_of(told, "function_arn"))};
}

// Whether anybody listens there at all.
bool is_reachable(const Session& session) {
  try {
    const tls::Stream stream(session.options().target, {}, Deadline{Clock::now() + std::chrono::seconds(2)});
    return true;
  } catch (const io::Error&) {
    return false;
  }
}

Finding ask(const Row& row, Session& session) {
  session.begin_row();
  try {
    return row.ask(session);
  } catch (const io::Error& error) {
    Judge judge("an answer");
    return judge.that(false, error.what()).finding();
  } catch (const std::exception& error) {
    // A document of unforeseen shape is what the host answered, too.
    Judge judge("an answer of the documented shape");
    return judge.that(false, error.what()).finding();
  }
}

// `gone_since`: the row behind which nobody listened there any more.
void ask_group(const RowGroup& group, Session& session, std::string& gone_since, Scorecard& card,
               const std::function<void(const ScoredRow&)>& tell) {
  const std::atomic<bool>* const interrupted = session.options().interrupted;
  for (const Row& row : group.rows) {
    if (!gone_since.empty() && is_reachable(session)) gone_since.clear();
    if (interrupted != nullptr && interrupted->load()) {
      card.interrupted = true;
      return;
    }
    ScoredRow scored{.row = &row, .group = group.name, .finding = {}};
    if (group.needs_deploy && !session.options().deploy) {
      scored.finding = skipped("function management is asked with --deploy");
    } else if (!group.needs_deploy && session.function().empty()) {
      scored.finding = skipped("there is no function: see functions.create");
    } else if (!gone_since.empty()) {
      scored.finding = skipped("nobody listens there any more, since " + gone_since);
    } else {
      scored.finding = ask(row, session);
      if (scored.finding.verdict == Verdict::fail && !is_reachable(session)) gone_since = row.id;
    }
    if (interrupted != nullptr && interrupted->load()) {
      card.interrupted = true;
      return;
    }
    tell(scored);
    card.rows.push_back(std::move(scored));
  }
}

// What --deploy made goes, however the run ends.
class TakenAway {
 public:
  TakenAway(Session& session, std::string& left) : session_(session), left_(left) {}
  TakenAway(const TakenAway&) = delete;
  TakenAway& operator=(const TakenAway&) = delete;
  ~TakenAway() { left_ = delete_all(session_); }

 private:
  Session& session_;
  std::string& left_;
};

void deploy(Session& session) {
  session.set_created(create_function(session));
  if (!session.deployed().created || !session.function().empty()) return;
  // The other groups ask it too; it does not have to be ready yet.
  session.begin_row();
  settled_configuration(session);
  session.set_function(session.deployed().name);
}

}  // namespace

std::span<const RowGroup> row_groups() {
  static const std::array<RowGroup, 13> kGroups = {{{"invoke", invoke_rows()},
                                                    {"streaming", streaming_rows()},
                                                    {"http", http_rows()},
                                                    {"environment", environment_rows()},
                                                    {"log", log_rows()},
                                                    {"runtime", runtime_api_rows()},
                                                    {"concurrency", concurrency_rows()},
                                                    {"batch", batch_rows()},
                                                    {"errors", error_rows()},
                                                    {"crashes", crash_rows()},
                                                    {"functions", function_rows(), true},
                                                    {"versions", version_rows(), true},
                                                    {"faces", url_rows(), true}}};
  return kGroups;
}

std::string group_names() {
  std::string names;
  for (const RowGroup& group : row_groups()) names.append(names.empty() ? "" : ", ").append(group.name);
  return names;
}

std::size_t Scorecard::count(Verdict verdict) const {
  return static_cast<std::size_t>(std::count_if(
      rows.begin(), rows.end(), [&](const ScoredRow& scored) { return scored.finding.verdict == verdict; }));
}

void check(const Options& options) {
  for (const std::string& name : options.groups) {
    const auto groups = row_groups();
    if (std::none_of(groups.begin(), groups.end(), [&](const RowGroup& group) { return group.name == name; })) {
      io::throw_usage(fmt::format("--only {}: expected one of {}", name, group_names()));
    }
  }
  const auto fits = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("-_:$.").find(c) != std::string_view::npos;
  };
  constexpr std::size_t kLongestName = 170;  // of an ARN with its qualifier, by the Invoke API
  if (options.function.size() > kLongestName || !std::all_of(options.function.begin(), options.function.end(), fits)) {
    io::throw_usage(fmt::format("--function {}: expected a name, an ARN or name:qualifier", excerpt(options.function)));
  }
  if (options.function.empty() && !options.deploy) {
    io::throw_usage("--function NAME is required, or --deploy, which makes one");
  }
}

Scorecard score(const Options& options, const std::function<void(const ScoredRow&)>& tell) {
  check(options);
  Scorecard card;
  Session session(options);
  {
    const TakenAway taken_away(session, card.left_behind);
    // That somebody is there, before anything is made.
    { const tls::Stream stream(options.target, {}, session.deadline()); }
    if (options.deploy) deploy(session);
    session.begin_row();
    if (!session.function().empty()) session.set_probe(ping(session));
    card.function = session.function();
    card.probe = session.probe();
    std::string gone_since;
    for (const RowGroup& group : row_groups()) {
      if (!card.interrupted && is_wanted(options, group)) ask_group(group, session, gone_since, card, tell);
    }
  }
  card.endpoint = (options.target.tls ? "https://" : "http://") + options.target.host() + options.target.endpoint.path;
  return card;
}

}  // namespace textlambda::conform
