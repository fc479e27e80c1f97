"""The pages of the day, of courses and of booking."""

from django.urls import path

from sessions.views import (
    booking,
    changes,
    checking,
    courses,
    day,
    deviations,
    follow_ups,
    planning,
    replanning,
    skipping,
    touched,
)

app_name = "sessions"
urlpatterns = [
    path("today/", day.day, name="day"),
    path("appointments/<int:pk>/check-in/", day.check_in, name="appointment-check-in"),
    path("appointments/<int:pk>/start/", day.start, name="appointment-start"),
    path("appointments/<int:pk>/no-show/", day.no_show, name="appointment-no-show"),
    path("appointments/<int:pk>/cancel/", day.cancel, name="appointment-cancel"),
    path("appointments/<int:pk>/undo/", day.undo, name="appointment-undo"),
    path("patients/<int:patient_pk>/courses/new/", planning.course_plan, name="course-plan"),
    path("courses/", courses.course_list, name="course-list"),
    path("courses/deviations/", deviations.deviation_report, name="deviation-report"),
    path("courses/deviations.csv", deviations.deviation_export, name="deviation-export"),
    path("courses/<int:pk>/", booking.course_detail, name="course-detail"),
    path("courses/<int:pk>/activate/", courses.course_activate, name="course-activate"),
    path("courses/<int:pk>/resume/", courses.course_resume, name="course-resume"),
    path(
        "courses/<int:pk>/suspend/", courses.course_stop, {"how": "suspend"}, name="course-suspend"
    ),
    path("courses/<int:pk>/stop/", courses.course_stop, {"how": "stop"}, name="course-stop"),
    path("courses/<int:pk>/add-session/", skipping.course_add_session, name="course-add-session"),
    path("courses/<int:pk>/lapse/", skipping.course_lapse, name="course-lapse"),
    path("courses/<int:pk>/replan/", replanning.course_replan, name="course-replan"),
    path("changes/<int:pk>/undo/", changes.change_undo, name="change-undo"),
    path("courses/<int:pk>/plan/", courses.course_print, name="course-print"),
    path("manage/schedule-check/", checking.schedule_check, name="schedule-check"),
    path("manage/schedule-check/run/", checking.schedule_check_run, name="schedule-check-run"),
    path("follow-ups/moves/", touched.touched_list, name="touched"),
    path("follow-ups/", follow_ups.follow_up_list, name="follow-ups"),
    path("sessions/<int:pk>/book/", booking.session_book, name="session-book"),
    path("sessions/<int:pk>/skip/", skipping.session_skip, name="session-skip"),
]
