# Fifty random rounds and what R's package `survey` says of them: writes rounds.json beside itself.
#   apt-get install r-base-core r-cran-survey r-cran-jsonlite
#   Rscript tests/surveys/results/reference/rounds.R
suppressMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "adjust")  # a hamlet with one ballot counts with its distance from the whole mean
set.seed(20261125)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))

estimates <- function(design, column) {
  formula <- as.formula(paste0("~", column))
  mean <- svymean(formula, design)
  interval <- attr(svyciprop(formula, design, method = "beta"), "ci")
  list(mean = as.numeric(coef(mean)), se = as.numeric(SE(mean)), low = interval[[1]], high = interval[[2]])
}

round_of <- function(number) {
  hamlets <- sample(3:12, 1)
  questions <- sample(2:10, 1)
  content <- runif(1, 0.8, 1.05)                     # how satisfied this commune is
  size <- sample(6:400, hamlets, replace = TRUE)
  answered <- pmax(1, round(size * runif(hamlets, 0.02, 1)))
  if (number %% 5 == 0) answered[1] <- 1             # one ballot of several
  if (number %% 7 == 0) answered[2] <- size[2]       # every household answered
  ballots <- do.call(rbind, lapply(seq_len(hamlets), function(hamlet) {
    mood <- min(1, max(0, rnorm(1, content, 0.05)))
    person <- pmin(1, pmax(0, rnorm(answered[hamlet], mood, 0.07)))  # answers of one ballot go together
    points <- rbinom(answered[hamlet], questions, person)
    data.frame(hamlet = hamlet, households = size[hamlet], points = points,
               yes = rbinom(answered[hamlet], 1, person))
  }))
  ballots$mean <- ballots$points / questions
  ballots$all <- as.numeric(ballots$points == questions)
  ballots$total <- sum(size)
  stratified <- svydesign(ids = ~1, strata = ~hamlet, fpc = ~households, data = ballots)
  small <- order(answered, seq_len(hamlets))[seq_len(hamlets %/% 2 + 1)]  # withheld together: one stratum
  ballots$group <- ifelse(ballots$hamlet %in% small, 0, ballots$hamlet)
  ballots$homes <- ifelse(ballots$hamlet %in% small, sum(size[small]), ballots$households)
  collapsed <- svydesign(ids = ~1, strata = ~group, fpc = ~homes, data = ballots)
  pooled <- svydesign(ids = ~1, fpc = ~total, data = ballots)
  list(
    questions = questions,
    hamlets = lapply(seq_len(hamlets), function(hamlet) {
      mine <- ballots[ballots$hamlet == hamlet, ]
      list(households = size[hamlet], ballots = nrow(mine), yes = sum(mine$yes),
           points = as.list(table(factor(mine$points, levels = 0:questions))))
    }),
    stratified = list(yes = estimates(stratified, "yes"), mean = estimates(stratified, "mean"),
                      all = estimates(stratified, "all")),
    small = I(sort(small)),
    collapsed = list(yes = estimates(collapsed, "yes"), mean = estimates(collapsed, "mean"),
                     all = estimates(collapsed, "all")),
    pooled = list(yes = estimates(pooled, "yes"), mean = estimates(pooled, "mean"), all = estimates(pooled, "all"))
  )
}

rounds <- lapply(1:50, round_of)
result <- list(r = R.version.string, survey = as.character(packageVersion("survey")), rounds = rounds)
writeLines(toJSON(result, auto_unbox = TRUE, digits = I(17), na = "null"), file.path(here, "rounds.json"))
