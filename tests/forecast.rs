//! What the page foretells, held against what then happens.

use statefulset_playground::manifest::examples::EXAMPLES;
use statefulset_playground::manifest::form::FormField;
use statefulset_playground::playground::forecast::{End, Fate, Forecast};
use statefulset_playground::playground::{Action, Playground, Remedy};

/// The first example, applied and settled, with changes left to Apply.
fn settled(example: &str) -> Playground {
    let text = EXAMPLES.iter().find(|it| it.id == example).unwrap().text();
    let mut playground = Playground::new();
    playground.update(Action::OpenExample { id: example.into(), text: text.into() });
    playground.update(Action::SetAutoApply(false));
    run(&mut playground, 400_000);
    playground
}

fn run(playground: &mut Playground, simulated_ms: u64) {
    let until = playground.playhead() + simulated_ms;
    playground.update(Action::SetSkipWaits(false));
    playground.update(Action::SetSpeed(2));
    playground.update(Action::Play);
    while playground.playhead() < until {
        playground.update(Action::Tick { elapsed_ms: 50 });
    }
    playground.update(Action::Pause);
}

fn set(playground: &mut Playground, field: FormField, value: &str) {
    playground.update(Action::SetField(field, Some(value.into())));
}

fn fates(forecast: &Forecast) -> Vec<(&str, Fate)> {
    forecast.pods.iter().map(|pod| (pod.name.as_str(), pod.fate)).collect()
}

fn paths(forecast: &Forecast) -> Vec<&str> {
    forecast.changes.iter().map(|change| change.path.as_str()).collect()
}

#[test]
fn another_image_replaces_the_pods_from_the_last_to_the_first_and_so_it_happens() {
    let mut playground = settled("web");
    set(&mut playground, FormField::Image, "nginx:1.30");
    let forecast = playground.forecast();
    assert_eq!(paths(&forecast), ["spec.template.spec.containers[0].image"]);
    let replaced = Fate::Replaced;
    assert_eq!(fates(&forecast), [("web-2", replaced), ("web-1", replaced), ("web-0", replaced)]);
    assert_eq!((forecast.lost.len(), forecast.refused.len()), (0, 0));
    let End::Settled(took) = forecast.end else { panic!("{:?}", forecast.end) };
    let before = playground.playhead();
    playground.update(Action::Apply);
    run(&mut playground, took - 300);
    assert!(playground.scene().why.waiting, "{:?}", playground.scene().why);
    run(&mut playground, 1_000);
    assert!(!playground.scene().why.waiting, "{:?}", playground.scene().why);
    assert!(playground.playhead() > before + took);
}

#[test]
fn a_forecast_applies_nothing() {
    let mut playground = settled("web");
    set(&mut playground, FormField::Replicas, "5");
    let saved = playground.save();
    let first = playground.forecast();
    assert_eq!(first, playground.forecast());
    assert_eq!(fates(&first), [("web-3", Fate::Created), ("web-4", Fate::Created)]);
    assert_eq!(playground.save(), saved);
}

#[test]
fn a_claims_size_is_refused_and_the_way_around_is_told() {
    let mut playground = settled("web");
    set(&mut playground, FormField::StorageSize, "5Gi");
    let forecast = playground.forecast();
    assert!(forecast.refused[0].contains("updates to statefulset spec for fields other than"));
    assert_eq!(forecast.end, End::Nothing);
    assert!(forecast.remedies.contains(&Remedy::RecreateOrphaned));
    let around = forecast.around.unwrap();
    assert_eq!((around.refused.len(), around.pods.len(), around.lost.len()), (0, 0, 0));
}

#[test]
fn another_service_name_and_another_policy_are_refused() {
    for (field, value) in
        [(FormField::ServiceName, "other"), (FormField::PodManagementPolicy, "Parallel")]
    {
        let mut playground = settled("web");
        set(&mut playground, field, value);
        let forecast = playground.forecast();
        assert!(!forecast.refused.is_empty(), "{field:?}");
        assert!(forecast.around.is_some(), "{field:?}");
    }
}

#[test]
fn an_image_that_is_not_there_gets_stuck_at_the_last_pod() {
    let mut playground = settled("web");
    set(&mut playground, FormField::Image, "nginx:does-not-exist");
    let text = playground.manifest().text.to_string();
    let text = text
        .replace("nginx:does-not-exist", "nginx:does-not-exist\n          command: [\"false\"]");
    playground.update(Action::EditText(text));
    let forecast = playground.forecast();
    assert_eq!(fates(&forecast), [("web-2", Fate::Replaced)]);
    let End::Stuck { why, .. } = &forecast.end else { panic!("{forecast:?}") };
    assert!(why.contains("web-2"), "{why}");
}

#[test]
fn fewer_replicas_with_whenscaled_delete_lose_claims_and_volumes() {
    let mut playground = settled("web");
    set(&mut playground, FormField::WhenScaled, "Delete");
    playground.update(Action::Apply);
    run(&mut playground, 30_000);
    set(&mut playground, FormField::Replicas, "1");
    let forecast = playground.forecast();
    assert_eq!(fates(&forecast), [("web-2", Fate::Deleted), ("web-1", Fate::Deleted)]);
    let lost: Vec<_> = forecast.lost.iter().map(|loss| loss.object.as_str()).collect();
    let claims = lost.iter().filter(|it| it.starts_with("persistentvolumeclaim/")).count();
    let volumes = lost.iter().filter(|it| it.starts_with("persistentvolume/")).count();
    assert_eq!((claims, volumes), (2, 2), "{lost:?}");
}

#[test]
fn a_partition_waits_for_a_person() {
    let mut playground = settled("web");
    set(&mut playground, FormField::Partition, "2");
    set(&mut playground, FormField::Image, "nginx:1.30");
    let forecast = playground.forecast();
    assert_eq!(fates(&forecast), [("web-2", Fate::Replaced)]);
    assert!(matches!(forecast.end, End::Stuck { .. }), "{:?}", forecast.end);
}
