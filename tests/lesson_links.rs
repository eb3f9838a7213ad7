//! Lessons that the page does not serve: they say so, and lead nowhere unseen.

use statefulset_playground::client::Deed;
use statefulset_playground::lesson::{Act, Lesson, Link};
use statefulset_playground::playground::{Action, Origin, Playground};

const TEXT: &str = include_str!("../static/lessons/first-statefulset.yaml");

#[test]
fn a_lesson_says_where_it_comes_from() {
    let text = TEXT.to_owned();
    let origin = |playground: &Playground| playground.lesson().unwrap().origin;
    let mut own = Playground::new();
    own.update(Action::OpenLesson { id: "first-statefulset".into(), text: text.clone() });
    assert_eq!(origin(&own), Origin::Page);
    for from in [Origin::Link, Origin::File] {
        let mut playground = Playground::new();
        playground.update(Action::OpenCarried(from, text.clone()));
        assert_eq!(origin(&playground), from);
        assert_eq!(origin(&Playground::restore(&playground.save()).unwrap()), from);
        playground.update(Action::Restart);
        assert_eq!(origin(&playground), from);
    }
    // Work that was saved without it, or that says something else of a lesson without an id.
    for origin_of in ["", "the page"] {
        let mut playground = Playground::new();
        playground.update(Action::OpenCarried(Origin::Link, text.clone()));
        let saved = playground.save().replace("\"from a link\"", &format!("\"{origin_of}\""));
        assert_eq!(origin(&Playground::restore(&saved).unwrap()), Origin::Link);
    }
}

#[test]
fn links_of_lessons_lead_where_they_say() {
    let link = |url: &str| Link { text: "x".into(), url: url.into() };
    for (url, host) in [
        ("https://kubernetes.io/docs/", Some("kubernetes.io")),
        ("https://example.com:8443?a=b", Some("example.com:8443")),
        ("https://kubernetes.io@evil.example/", None),
        ("https://kubernetes.io\\@evil.example/", None),
        ("https:///evil.example", None),
        ("https://kubernetes.io\n.evil.example/", None),
        ("https://kubernetes.io\u{2024}evil.example/", None),
        ("https://example.com/\u{202e}", None),
        ("javascript:alert(1)", None),
        ("http://example.com", None),
        ("//example.com", None),
    ] {
        assert_eq!(link(url).host(), host, "{url:?}");
        let mut lesson = Lesson::read(TEXT).unwrap();
        lesson.links = vec![link(url)];
        assert_eq!(Lesson::read(&lesson.to_text()).is_ok(), host.is_some(), "{url:?}");
    }
}

#[test]
fn a_lesson_does_nothing_that_no_cluster_takes() {
    let mut lesson = Lesson::read(TEXT).unwrap();
    let deed = Deed::DeletePod {
        namespace: "default".into(),
        name: "web-0; rm -rf ~".into(),
        grace_period_seconds: None,
    };
    lesson.start.run = vec![Act::Do(Box::new(deed))];
    let why = Lesson::read(&lesson.to_text()).unwrap_err().to_string();
    assert!(why.contains("start.run[0].do: Pod \"web-0; rm -rf ~\" is invalid"), "{why}");
}
