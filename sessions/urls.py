"""The pages of the day, of courses and of booking."""

from django.urls import path

from sessions.views import booking, courses, day, follow_ups

app_name = "sessions"
urlpatterns = [
    path("today/", day.day, name="day"),
    path("appointments/<int:pk>/check-in/", day.check_in, name="appointment-check-in"),
    path("appointments/<int:pk>/start/", day.start, name="appointment-start"),
    path("appointments/<int:pk>/no-show/", day.no_show, name="appointment-no-show"),
    path("appointments/<int:pk>/cancel/", day.cancel, name="appointment-cancel"),
    path("appointments/<int:pk>/undo/", day.undo, name="appointment-undo"),
    path("patients/<int:patient_pk>/courses/new/", courses.course_plan, name="course-plan"),
    path("courses/", courses.course_list, name="course-list"),
    path("courses/<int:pk>/", booking.course_detail, name="course-detail"),
    path("courses/<int:pk>/activate/", courses.course_activate, name="course-activate"),
    path("courses/<int:pk>/resume/", courses.course_resume, name="course-resume"),
    path(
        "courses/<int:pk>/suspend/", courses.course_stop, {"how": "suspend"}, name="course-suspend"
    ),
    path("courses/<int:pk>/stop/", courses.course_stop, {"how": "stop"}, name="course-stop"),
    path("courses/<int:pk>/plan/", courses.course_print, name="course-print"),
    path("follow-ups/", follow_ups.follow_up_list, name="follow-ups"),
    path("sessions/<int:pk>/book/", booking.session_book, name="session-book"),
]
