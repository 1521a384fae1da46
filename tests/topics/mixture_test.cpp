#include "textlambda/topics/mixture.h"

#include <cstdint>
#include <vector>

#include "tests/catch.h"

using namespace textlambda;
using topics::fit_mixture;
using topics::kNoGroup;
using topics::Mixture;
using topics::MixtureOptions;
using topics::Rows;
using topics::TermMatrix;

namespace {

// 0.6 0.8 0
// 0   1   0
// 0   0.6 0.8
// 0.8 0   0.6
TermMatrix texts() { return {3, {2, 3, 5, 7}, {0, 1, 1, 1, 2, 0, 2}, {0.6F, 0.8F, 1, 0.6F, 0.8F, 0.8F, 0.6F}}; }

Rows start() { return (Rows(4, 2) << 1, 0, 1, 0, 0, 1, 0.5F, 0.5F).finished(); }

Mixture fit(const MixtureOptions& options, const std::vector<std::uint32_t>& fixed = {}) {
  return fit_mixture(texts(), texts().transposed(), start(), fixed, options, io::Executor());
}

}  // namespace

// Expected values: the formulas of docs/topics.md in numpy, in double precision.
TEST_CASE("one round of EM") {
  MixtureOptions options;
  options.rounds = 1;
  options.last_temper = 1.5F;
  const Mixture mixture = fit(options);
  CHECK((mixture.weights -
         (Rows(3, 2) << 0.13068644F, -0.19927112F, 0.16705408F, -0.26826399F, -0.60020107F, 0.45997451F).finished())
            .cwiseAbs()
            .maxCoeff() < 1e-5F);
  CHECK(mixture.log_prior[0] == Approx(-0.46840491));
  CHECK(mixture.log_prior[1] == Approx(-0.97816614));
  CHECK((mixture.shares - (Rows(4, 2) << 0.79069251F, 0.20930749F, 0.76182993F, 0.23817007F, 0.40838078F, 0.59161922F,
                           0.48789044F, 0.51210956F)
                              .finished())
            .cwiseAbs()
            .maxCoeff() < 1e-5F);
  CHECK(mixture.log_likelihood == Approx(-0.034526975).margin(1e-5));
}

TEST_CASE("three rounds from a temper of 0.5 to 2.5, one text fixed") {
  MixtureOptions options;
  options.rounds = 3;
  const Mixture mixture = fit(options, {kNoGroup, kNoGroup, 1, kNoGroup});
  CHECK((mixture.weights -
         (Rows(3, 2) << 0.19546248F, -0.17588404F, 0.04543657F, -0.03534735F, -0.35035367F, 0.19952423F).finished())
            .cwiseAbs()
            .maxCoeff() < 1e-5F);
  CHECK((mixture.shares -
         (Rows(4, 2) << 0.57879741F, 0.42120259F, 0.45046571F, 0.54953429F, 0, 1, 0.38157398F, 0.61842602F).finished())
            .cwiseAbs()
            .maxCoeff() < 1e-5F);
}

TEST_CASE("a word that no text has weighs nothing") {
  const TermMatrix wider(4, {2, 3, 5, 7}, {0, 1, 1, 1, 2, 0, 2}, {0.6F, 0.8F, 1, 0.6F, 0.8F, 0.8F, 0.6F});
  const Mixture mixture = fit_mixture(wider, wider.transposed(), start(), {}, {}, io::Executor());
  CHECK(mixture.weights.row(3).isZero());
}

TEST_CASE("further texts are assigned as the last round did") {
  MixtureOptions options;
  const Mixture mixture = fit(options);
  Rows shares;
  const double likelihood = assign_groups(texts(), mixture, options.last_temper, shares, io::Executor());
  CHECK((shares - mixture.shares).cwiseAbs().maxCoeff() < 1e-6F);
  CHECK(likelihood == Approx(mixture.log_likelihood));
}
