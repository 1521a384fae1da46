#include "textlambda/train/teacher.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Core>
#include <Eigen/SparseCore>

namespace textlambda::train {
namespace {

// Measured over twelve corpora; see docs/learning.md.
constexpr int kRounds = 6;
constexpr float kUnlabelledWeight = 0.5F;
constexpr float kSharpness = 1.5F;    // of the linear model's opinion, to start from
constexpr float kTemper = 2;          // τ
constexpr float kBackground = 0.5F;   // pseudo-count of the background, in shares of a label's mean mass
constexpr float kLeastShare = 1e-4F;  // so that a label that has lost all can come back

constexpr std::size_t kRowsAtATime = 1024;  // that a thread takes

using SparseRows = Eigen::SparseMatrix<float, Eigen::RowMajor>;
using Rows = Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Index index(std::size_t i) { return static_cast<Eigen::Index>(i); }

// A row a text, labelled ones first; words that most texts have say nothing.
SparseRows weigh_words(const TeachingTexts& texts, std::size_t count) {
  SparseRows rows(index(count), index(texts.document_frequencies.size()));
  std::size_t text = 0;
  for (const std::span<const DocumentBlock> blocks : {texts.labelled, texts.unlabelled}) {
    for (const DocumentBlock& block : blocks) {
      const BlockTerms open(block);
      const std::span<const std::uint32_t> terms = open.terms();
      for (std::size_t document = 0; document < block.size(); ++document, ++text) {
        rows.startVec(index(text));
        if (text < texts.left_out.size() && texts.left_out[text] != 0) continue;
        std::vector<std::pair<std::uint32_t, float>> values;
        float square = 0;
        for (std::uint32_t at = block.begin(document); at < block.words_end[document]; ++at) {
          const double frequency = texts.document_frequencies[terms[at]];
          if (frequency > 0.5 * static_cast<double>(count)) continue;
          const double idf = std::log((1 + static_cast<double>(count)) / (1 + frequency)) + 1;
          const auto value = static_cast<float>((1 + std::log(static_cast<double>(open.counts()[at]))) * idf);
          values.emplace_back(terms[at], value);
          square += value * value;
        }
        std::sort(values.begin(), values.end());
        for (const auto& [word, value] : values) {
          rows.insertBack(index(text), index(word)) = value / std::sqrt(square);
        }
      }
    }
  }
  rows.finalize();
  return rows;
}

// Each row's logarithms of softmax(factor · row).
void log_softmax(Rows& rows, float factor, const io::Executor& executor) {
  executor.run_ranges(static_cast<std::size_t>(rows.rows()), kRowsAtATime, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      auto row = rows.row(index(i));
      row = (row - row.maxCoeff()) * factor;
      row -= std::log(row.exp().sum());
    }
  });
}

// left · right, a range of rows a thread.
void multiply(const SparseRows& left, const Rows& right, Rows& product, const io::Executor& executor) {
  executor.run_ranges(static_cast<std::size_t>(left.rows()), kRowsAtATime, [&](std::size_t begin, std::size_t end) {
    product.middleRows(index(begin), index(end - begin)).matrix().noalias() =
        left.middleRows(index(begin), index(end - begin)) * right.matrix();
  });
}

}  // namespace

std::vector<float> teach(const TeachingTexts& texts, std::span<const float> logits, const io::Executor& executor) {
  const std::size_t labelled = count_documents_in(texts.labelled);
  const std::size_t unlabelled = count_documents_in(texts.unlabelled);
  const Eigen::Index labels = index(texts.label_count);
  const SparseRows rows = weigh_words(texts, labelled + unlabelled);
  const SparseRows words = rows.transpose();
  Eigen::ArrayXf background = Eigen::ArrayXf::Zero(words.rows());
  for (Eigen::Index word = 0; word < words.rows(); ++word) background[word] = words.row(word).sum();
  background /= std::max(background.sum(), 1e-30F);

  Rows opinion = Eigen::Map<const Rows>(logits.data(), index(unlabelled), labels);
  Rows shares = Rows::Zero(index(labelled + unlabelled), labels);
  std::size_t text = 0;
  for (const DocumentBlock& block : texts.labelled) {
    for (const std::uint32_t label : block.labels) {
      if (texts.left_out[text] == 0) shares(index(text), static_cast<Eigen::Index>(label)) = 1;
      ++text;
    }
  }
  Rows guess = opinion;
  log_softmax(guess, kSharpness, executor);
  log_softmax(opinion, 1, executor);

  Rows mass(words.rows(), labels);
  Rows scores(rows.rows(), labels);
  for (int round = 0; round < kRounds; ++round) {
    shares.bottomRows(index(unlabelled)) = kUnlabelledWeight * guess.exp();
    multiply(words, shares, mass, executor);
    const Eigen::Array<float, 1, Eigen::Dynamic> totals = mass.colwise().sum();
    const float pseudo = std::max(kBackground * totals.sum() / static_cast<float>(labels), 1e-30F);
    // In place: W.
    for (Eigen::Index word = 0; word < mass.rows(); ++word) {
      if (background[word] <= 0) {
        mass.row(word) = 0;
        continue;
      }
      mass.row(word) = ((mass.row(word) + pseudo * background[word]) / (background[word] * (totals + pseudo))).log();
    }
    multiply(rows, mass, scores, executor);
    const Eigen::Array<float, 1, Eigen::Dynamic> weights = shares.colwise().sum() / shares.sum();
    guess = (kTemper * scores.bottomRows(index(unlabelled))).rowwise() + (weights + kLeastShare).log();
    log_softmax(guess, 1, executor);
  }
  guess += opinion;
  log_softmax(guess, 1, executor);
  guess = guess.exp();
  return {guess.data(), guess.data() + guess.size()};
}

}  // namespace textlambda::train
