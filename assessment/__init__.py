"""The Charter's journey: frameworks, answers, submissions, scores, reports, awards."""
